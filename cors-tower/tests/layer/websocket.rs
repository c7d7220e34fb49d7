//! An upgrade goes through the layer, and `enforce` guards it (A6).

use axum::Router;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::routing::get as route;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::support::{ALLOWED, PAGE, layer, lines, serve};

async fn echo(mut socket: WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        if socket.send(message).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn a_socket_of_an_allowed_page_alone() {
    let router = Router::new()
        .route("/", route(async |upgrade: WebSocketUpgrade| upgrade.on_upgrade(echo)))
        .layer(layer().enforce(true));
    let address = serve(router).await;
    let connect = async |origin: &str| {
        let mut request = format!("ws://{address}/").into_client_request().unwrap();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        client_async(request, TcpStream::connect(address).await.unwrap()).await
    };
    // The server's own page is allowed by no policy.
    for origin in [PAGE, &format!("http://{address}")] {
        let (mut socket, response) = connect(origin).await.unwrap();
        assert_eq!(response.status(), 101);
        let fields = lines(response.headers());
        assert_eq!(
            ALLOWED.iter().all(|field| fields.iter().any(|line| line == field)),
            origin == PAGE,
            "{fields:?}"
        );
        socket.send(Message::text("hello")).await.unwrap();
        assert_eq!(socket.next().await.unwrap().unwrap(), Message::text("hello"));
        socket.close(None).await.unwrap();
    }
    match connect("https://evil.example").await {
        Err(Error::Http(response)) => assert_eq!(response.status(), 403),
        other => panic!("{other:?}"),
    }
}
