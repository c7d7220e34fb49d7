//! An HTTP/1.1 server for one test, on a port of its own. It stops when the test drops it.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};

/// A server that answers each connection in a thread of its own.
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
    listening: Option<JoinHandle<()>>,
}

/// The requests and connections until now.
#[derive(Default)]
pub struct State {
    counts: Mutex<Counts>,
    /// Notified when the server has to stop.
    ending: Condvar,
    heads: Mutex<Vec<String>>,
}

#[derive(Default)]
struct Counts {
    ends: bool,
    connections: usize,
    /// Connections that wait for their answer.
    unanswered: usize,
    most_unanswered: usize,
}

/// A request head.
pub struct Head {
    /// The method.
    pub method: String,
    /// The field lines, names in lower case.
    pub fields: Vec<(String, Vec<u8>)>,
}

impl Head {
    /// Parses the head of a request.
    pub fn parse(text: &str) -> Self {
        let mut fields = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut fields);
        request.parse(text.as_bytes()).unwrap();
        Head {
            method: request.method.unwrap().to_owned(),
            fields: request
                .headers
                .iter()
                .map(|field| (field.name.to_ascii_lowercase(), field.value.to_owned()))
                .collect(),
        }
    }

    /// Returns the value of the first field of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.fields.iter().find(|(field, _)| field == name)?;
        Some(str::from_utf8(value).unwrap())
    }

    /// Returns the value of `Origin`.
    pub fn origin(&self) -> Option<&str> {
        self.get("origin")
    }

    /// Returns whether the request is a preflight, its `Origin` apart (E1).
    pub fn is_preflight(&self) -> bool {
        self.method == "OPTIONS" && self.get("access-control-request-method").is_some()
    }
}

impl Server {
    /// Starts a server that hands each connection to `serve`.
    pub fn start(serve: impl Fn(TcpStream, &State) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::<State>::default();
        let listening = thread::spawn({
            let state = Arc::clone(&state);
            move || listen(&listener, &state, &Arc::new(serve))
        });
        Server { address, state, listening: Some(listening) }
    }

    /// Starts a server that answers each request with these bytes, and closes.
    pub fn answering(answer: impl Fn(&Head) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Server::start(move |mut stream, state| {
            if let Some(head) = state.read_head(&mut stream) {
                let bytes = answer(&Head::parse(&head));
                state.answered();
                send(&mut stream, &bytes);
            }
        })
    }

    /// Starts a server that answers every request with this response.
    pub fn saying(response: &str) -> Self {
        let bytes = response.replace('\n', "\r\n").into_bytes();
        Server::answering(move |_| bytes.clone())
    }

    /// Returns the port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns the URL of a path on this server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Returns the heads that came, in their order.
    pub fn heads(&self) -> Vec<String> {
        self.state.heads.lock().unwrap().clone()
    }

    /// Returns the number of connections until now.
    pub fn connections(&self) -> usize {
        self.state.counts.lock().unwrap().connections
    }

    /// Returns the largest number of connections that waited for their answer at the same time.
    pub fn most_at_once(&self) -> usize {
        self.state.counts.lock().unwrap().most_unanswered
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.counts.lock().unwrap().ends = true;
        self.state.ending.notify_all();
        // The listener waits for a connection.
        let _ = TcpStream::connect(self.address);
        if let Some(listening) = self.listening.take() {
            let ended = listening.join();
            assert!(ended.is_ok() || thread::panicking(), "a thread of the server failed");
        }
    }
}

fn listen<S>(listener: &TcpListener, state: &Arc<State>, serve: &Arc<S>)
where
    S: Fn(TcpStream, &State) + Send + Sync + 'static,
{
    let mut serving = Vec::new();
    for stream in listener.incoming() {
        let mut counts = state.counts.lock().unwrap();
        if counts.ends {
            break;
        }
        counts.connections += 1;
        counts.unanswered += 1;
        counts.most_unanswered = counts.most_unanswered.max(counts.unanswered);
        drop(counts);
        let (state, serve, stream) = (Arc::clone(state), Arc::clone(serve), stream.unwrap());
        serving.push(thread::spawn(move || serve(stream, &state)));
    }
    for thread in serving {
        thread.join().unwrap();
    }
}

impl State {
    /// Reads the head of a request and notes it; returns `None` if the client leaves before the head ends.
    pub fn read_head(&self, stream: &mut impl Read) -> Option<String> {
        let mut head = Vec::new();
        let mut buffer = [0; 1024];
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => return None,
                Ok(len) => head.extend_from_slice(&buffer[..len]),
            }
        }
        let head = String::from_utf8(head).unwrap();
        self.heads.lock().unwrap().push(head.clone());
        Some(head)
    }

    /// Notes that a connection no longer waits for its answer.
    pub fn answered(&self) {
        self.counts.lock().unwrap().unanswered -= 1;
    }

    /// Returns the number of heads until now.
    pub fn heads(&self) -> usize {
        self.heads.lock().unwrap().len()
    }

    /// Waits until the test drops the server.
    pub fn wait(&self) {
        let counts = self.counts.lock().unwrap();
        drop(self.ending.wait_while(counts, |counts| !counts.ends).unwrap());
    }

    /// Returns whether the server has to stop.
    pub fn ends(&self) -> bool {
        self.counts.lock().unwrap().ends
    }
}

/// Sends the bytes to a client that may have left, and closes.
pub fn send(stream: &mut TcpStream, bytes: &[u8]) {
    if stream.write_all(bytes).is_err() || stream.shutdown(Shutdown::Write).is_err() {
        return;
    }
    // To close with something unread would reset the connection, and what was sent with it.
    let mut rest = [0; 1024];
    loop {
        match stream.read(&mut rest) {
            Ok(0) => return,
            Err(error) if error.kind() != ErrorKind::Interrupted => return,
            _ => {}
        }
    }
}
