//! Certificates: one that this computer does not trust, or one for another name, ends before anything is sent.

use std::sync::Arc;

use ihook_imis::{Client, Credentials, FailureClass, Limits, Site};
use rcgen::generate_simple_self_signed;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use zeroize::Zeroizing;

use crate::support::{attendance, http_answer};

/// A server with a certificate of its own making for `name`: its port, and the certificate as DER.
async fn secured(name: &str) -> (u16, Vec<u8>) {
    let made = generate_simple_self_signed(vec![name.to_owned()]).expect("a certificate");
    let der = made.cert.der().clone();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![der.clone()], key)
        .expect("a configuration");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = vec![0; 8192];
            let _ = stream.read(&mut request).await;
            let refused = http_answer("400 Bad Request", "", r#"{"error":"invalid_grant"}"#);
            let _ = stream.write_all(&refused).await;
            let _ = stream.shutdown().await;
        }
    });
    (port, der.to_vec())
}

fn client(port: u16, trusted: Option<&[u8]>) -> Client {
    let mut http = Client::http_builder(&Limits::default());
    if let Some(der) = trusted {
        let certificate = reqwest::Certificate::from_der(der).expect("a certificate");
        http = http.tls_certs_only([certificate]);
    }
    let site = Site::parse(&format!("https://localhost:{port}")).expect("a site");
    let credentials = Credentials { username: "u".to_owned(), password: Zeroizing::new("p".to_owned()) };
    Client::new(http.build().expect("a client"), site, credentials, None, None)
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_ends_before_the_password_is_sent() {
    let (port, der) = secured("localhost").await;
    let failed = client(port, None).insert(&attendance("7")).await.expect_err("not trusted");
    assert_eq!(failed.class, FailureClass::NotTrusted, "{}", failed.message);
    assert!(failed.message.contains("certificate") && failed.message.contains("trust"), "{}", failed.message);
    let checks = client(port, None).test(&[]).await;
    assert!(checks.len() == 1 && checks[0].message.contains("certificate"), "{checks:?}");
    let answered = client(port, Some(&der)).insert(&attendance("7")).await.expect_err("refused");
    assert_eq!(
        answered.class,
        FailureClass::Credentials,
        "with trust the server is heard: {}",
        answered.message
    );
}

#[tokio::test]
async fn a_certificate_for_another_name_is_told_as_such() {
    let (port, der) = secured("imis.example.org").await;
    let failed = client(port, Some(&der)).insert(&attendance("7")).await.expect_err("another name");
    assert_eq!(failed.class, FailureClass::NotTrusted, "{}", failed.message);
    assert!(failed.message.contains("certificate for another name"), "{}", failed.message);
}
