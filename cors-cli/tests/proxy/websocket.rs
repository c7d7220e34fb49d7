//! WebSocket through the proxy.

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{accept_async, client_async};

use crate::process::{PAGE, POLICY, Proxy};

#[tokio::test]
async fn frames_pass_both_ways() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let mut socket = accept_async(stream).await.unwrap();
            while let Some(Ok(message)) = socket.next().await {
                if message.is_text() {
                    let answer = format!("{} and back", message.to_text().unwrap());
                    socket.send(Message::text(answer)).await.unwrap();
                }
            }
        }
    });
    let proxy =
        tokio::task::spawn_blocking(move || Proxy::start(&target, POLICY, &["--enforce"])).await.unwrap();
    let connect = async |origin: &str| {
        let mut request = format!("ws://127.0.0.1:{}/socket", proxy.port).into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        client_async(request, TcpStream::connect(("127.0.0.1", proxy.port)).await.unwrap()).await
    };
    let (mut socket, response) = connect(PAGE).await.unwrap();
    assert_eq!(response.status(), 101);
    for text in ["there", "once more"] {
        socket.send(Message::text(text)).await.unwrap();
        assert_eq!(socket.next().await.unwrap().unwrap(), Message::text(format!("{text} and back")));
    }
    socket.close(None).await.unwrap();
    proxy.stdout.wait("GET /socket from https://app.example.com: allowed; 101");

    match connect("https://evil.example").await {
        Err(Error::Http(response)) => assert_eq!(response.status(), 403),
        other => panic!("{other:?}"),
    }
}
