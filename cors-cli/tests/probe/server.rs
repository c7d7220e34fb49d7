//! A server for one test, on a port of its own, which ends with it.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};

/// Answers each connection in a thread of its own.
pub(crate) struct Server {
    address: SocketAddr,
    state: Arc<State>,
    listening: Option<JoinHandle<()>>,
}

/// What is going on.
#[derive(Default)]
pub(crate) struct State {
    counts: Mutex<Counts>,
    /// Told when the server is to end.
    ending: Condvar,
    heads: Mutex<Vec<String>>,
}

#[derive(Default)]
struct Counts {
    ends: bool,
    connections: usize,
    /// Those that wait for their answer.
    unanswered: usize,
    most_unanswered: usize,
}

/// A request head.
pub(crate) struct Head {
    pub(crate) method: String,
    pub(crate) fields: Vec<(String, Vec<u8>)>,
}

impl Head {
    pub(crate) fn parse(text: &str) -> Self {
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

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.fields.iter().find(|(field, _)| field == name)?;
        Some(str::from_utf8(value).unwrap())
    }

    pub(crate) fn origin(&self) -> Option<&str> {
        self.get("origin")
    }

    pub(crate) fn is_preflight(&self) -> bool {
        self.method == "OPTIONS" && self.get("access-control-request-method").is_some()
    }
}

impl Server {
    /// A server that does with a connection what `serve` does.
    pub(crate) fn start(serve: impl Fn(TcpStream, &State) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::<State>::default();
        let listening = thread::spawn({
            let state = Arc::clone(&state);
            move || listen(&listener, &state, &Arc::new(serve))
        });
        Server { address, state, listening: Some(listening) }
    }

    /// A server that answers each request with these bytes, and closes.
    pub(crate) fn answering(answer: impl Fn(&Head) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Server::start(move |mut stream, state| {
            if let Some(head) = state.read_head(&mut stream) {
                let bytes = answer(&Head::parse(&head));
                state.answered();
                send(&mut stream, &bytes);
            }
        })
    }

    /// A server that answers whatever comes with this response.
    pub(crate) fn saying(response: &str) -> Self {
        let bytes = response.replace('\n', "\r\n").into_bytes();
        Server::answering(move |_| bytes.clone())
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The heads that came, in their order.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.state.heads.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.state.counts.lock().unwrap().connections
    }

    /// How many connections waited for their answer at the same time, at most.
    pub(crate) fn most_at_once(&self) -> usize {
        self.state.counts.lock().unwrap().most_unanswered
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.counts.lock().unwrap().ends = true;
        self.state.ending.notify_all();
        // It waits for a connection.
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
    /// The head of a request, which is noted; `None` if the client leaves before it ends.
    pub(crate) fn read_head(&self, stream: &mut impl Read) -> Option<String> {
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

    /// The answer of a connection follows.
    pub(crate) fn answered(&self) {
        self.counts.lock().unwrap().unanswered -= 1;
    }

    /// How many heads came until now.
    pub(crate) fn heads(&self) -> usize {
        self.heads.lock().unwrap().len()
    }

    /// Waits for the end of the test.
    pub(crate) fn wait(&self) {
        let counts = self.counts.lock().unwrap();
        drop(self.ending.wait_while(counts, |counts| !counts.ends).unwrap());
    }

    pub(crate) fn ends(&self) -> bool {
        self.counts.lock().unwrap().ends
    }
}

/// Sends to a client that may have left.
pub(crate) fn send(stream: &mut TcpStream, bytes: &[u8]) {
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
