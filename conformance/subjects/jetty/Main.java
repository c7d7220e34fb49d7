import java.net.InetSocketAddress;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.webapp.WebAppContext;

/** Jetty with one web application: its descriptor, the application's, its folder and the port are given. */
public final class Main {
    public static void main(String[] arguments) throws Exception {
        WebAppContext context = new WebAppContext(arguments[2], "/");
        context.setDescriptor(arguments[0]);
        context.setDefaultsDescriptor(arguments[1]);
        Server server = new Server(InetSocketAddress.createUnresolved("127.0.0.1", Integer.parseInt(arguments[3])));
        server.setHandler(context);
        server.start();
        server.join();
    }
}
