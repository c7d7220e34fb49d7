import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The application of routes.json, as a servlet. */
public final class Application extends HttpServlet {
    private static final class Route {
        String path;
        List<String> methods;
        int status = 200;
        List<List<String>> fields;
        String body = "";
        String kind = "";
    }

    private Map<String, Route> routes;

    @Override
    public void init() throws ServletException {
        try {
            String text = Files.readString(Path.of(System.getenv("CONFORMANCE_ROUTES")));
            Map<String, Route> table = new Gson().fromJson(text, new TypeToken<Map<String, Route>>() {}.getType());
            routes = table.values().stream()
                    .filter(route -> !route.methods.isEmpty())
                    .collect(Collectors.toMap(route -> route.path, Function.identity()));
        } catch (IOException error) {
            throw new ServletException(error);
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws ServletException, IOException {
        Route route = routes.get(request.getServletPath());
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        if (route == null) {
            response.sendError(404);
        } else if (!route.methods.contains(method)) {
            response.sendError(405);
        } else if (route.kind.equals("error")) {
            throw new ServletException("broken");
        } else if (route.kind.equals("stream")) {
            stream(response);
        } else {
            answer(route, request, response);
        }
    }

    private static void answer(Route route, HttpServletRequest request, HttpServletResponse response) throws IOException {
        String accepted = request.getHeader("Accept-Encoding");
        boolean isForGzip = accepted != null && accepted.contains("gzip");
        String body = route.kind.equals("encoding") ? (isForGzip ? "for gzip\n" : "for others\n") : route.body;
        response.setStatus(route.status);
        for (List<String> field : route.fields) {
            if (field.get(0).equals("Vary")) {
                response.addHeader(field.get(0), field.get(1));
            } else {
                response.setHeader(field.get(0), field.get(1));
            }
        }
        if (!body.isEmpty()) {
            response.setContentType("text/plain");
            response.getOutputStream().print(body);
        }
    }

    private static void stream(HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        response.getOutputStream().print("first\n");
        response.flushBuffer();
        try {
            Thread.sleep(1000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        response.getOutputStream().print("second\n");
    }
}
