//! The real nginx and the real Caddy in front, with the configurations that docs/operations.md recommends.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ihook_tests::TestApp;
use ihook_tests::files::{check_in, workflow};
use reqwest::Method;
use serde_json::json;

/// Where the client comes from: another address than the proxy's, on this computer all the same.
const CLIENT: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const HOST: &str = "hooks.example.org";

/// A proxy in front of an application; ends with this.
struct Proxy(Child);

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program, where it is installed; it must be in the test command, which installs it.
#[expect(clippy::disallowed_methods, reason = "how the test command says what it has installed")]
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/usr/local/sbin".into()])
        .map(|directory| directory.join(name))
        .find(|file| file.is_file());
    let expected = std::env::var_os("IHOOK_TEST_PROXIES").is_some_and(|value| !value.is_empty());
    assert!(found.is_some() || !expected, "{name} was to be installed, but is not there");
    found
}

/// The configuration of docs/operations.md#behind-a-proxy in this language.
fn recommended(language: &str) -> String {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/operations.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

/// `text` with each of these replaced; each must be there.
fn adapted(mut text: String, changes: &[(&str, &str)]) -> String {
    for (from, to) in changes {
        assert!(text.contains(from), "{from} is in docs/operations.md");
        text = text.replace(from, to);
    }
    text
}

fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

fn nginx(program: &Path, dir: &Path, config: &str) -> Command {
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {}/{name};", dir.display()));
    let file = dir.join("nginx.conf");
    let text = format!(
        "daemon off; master_process off; pid {}/pid; events {{}} http {{ {} {config} }}",
        dir.display(),
        temporary.join(" ")
    );
    std::fs::write(&file, text).unwrap();
    let mut command = Command::new(program);
    command.arg("-e").arg(dir.join("error.log")).arg("-p").arg(dir).arg("-c").arg(file);
    command
}

fn caddy(program: &Path, dir: &Path, config: &str) -> Command {
    let file = dir.join("Caddyfile");
    std::fs::write(
        &file,
        format!("{{\n  admin off\n  skip_install_trust\n  auto_https disable_redirects\n}}\n{config}"),
    )
    .unwrap();
    let mut command = Command::new(program);
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(file);
    command.env("XDG_DATA_HOME", dir).env("XDG_CONFIG_HOME", dir).env("HOME", dir);
    command
}

async fn started(mut command: Command, port: u16) -> Proxy {
    let proxy = Proxy(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let listens = async {
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), listens).await.unwrap();
    proxy
}

fn client(port: u16) -> reqwest::Client {
    ihook_imis::Client::http_builder(&ihook_imis::Limits::default())
        .resolve(HOST, SocketAddr::from(([127, 0, 0, 1], port)))
        .local_address(IpAddr::V4(CLIENT))
        .tls_danger_accept_invalid_certs(true)
        .build()
        .unwrap()
}

/// Everything that must hold whatever stands in front.
async fn check(app: TestApp, scheme: &str, port: u16, what: &str) {
    let base = format!("{scheme}://{HOST}:{port}/ihook");
    app.call("settings_save", json!({ "settings": { "publicBaseUrl": base } })).await;
    let made = app.import(&workflow()).await;
    let url = &made["url"];
    assert!(url.as_str().unwrap().starts_with(&base), "{url}");
    let http = client(port);
    let request = |method: Method, url: &str| http.request(method, url);

    for _ in 0..3 {
        let sent = request(Method::POST, url.as_str().unwrap())
            .header("x-forwarded-for", "192.0.2.66")
            .header("x-forwarded-host", "evil.example")
            .header("x-forwarded-proto", "gopher")
            .json(&check_in());
        let answer = app.send(sent).await;
        assert_eq!(answer.status, 200, "{what}: {}", answer.text);
        let run = app.settle(&answer.run_id()).await;
        let metadata = &run["metadata"];
        assert_eq!(run["run"]["status"], "succeeded", "{what}");
        assert_eq!(
            metadata["remoteIp"],
            CLIENT.to_string(),
            "{what}: the client's address, not a forged one"
        );
        assert_eq!(metadata["scheme"], scheme, "{what}");
        assert!(metadata["host"].as_str().unwrap().starts_with(HOST), "{what}: {metadata}");
        assert_eq!(metadata["path"], format!("/ihook/hooks/{}/…", made["key"].as_str().unwrap()), "{what}");
    }
    let answer = app.send(request(Method::GET, url.as_str().unwrap())).await;
    assert_eq!((answer.status, &answer.headers["allow"]), (405, &"POST".parse().unwrap()), "{what}");
    let large = json!({ "a": "x".repeat(2 * 1024 * 1024) });
    let answer = app.send(request(Method::POST, url.as_str().unwrap()).json(&large)).await;
    assert_eq!(answer.status, 413, "{what}: {}", answer.text);
    let answer = app.send(request(Method::POST, url.as_str().unwrap()).json(&json!([]))).await;
    assert_eq!(answer.status, 400, "{what}: {}", answer.text);
    for path in ["/", "/rpc/workflow_list", "/ihook/", "/ihook/rpc/workflow_list", "/ihook/hooks/"] {
        let answer = app.send(request(Method::POST, &format!("{scheme}://{HOST}:{port}{path}"))).await;
        assert_eq!(answer.status, 404, "{what}: {path}");
    }
    let log = app.call("delivery_list", json!({ "limit": 1 })).await;
    assert_eq!(log["deliveries"][0]["remoteIp"], CLIENT.to_string(), "{what}: {log}");
    app.stop().await;
}

#[tokio::test]
async fn nginx_in_front_as_the_docs_have_it_with_the_prefix_and_without() {
    let Some(program) = program("nginx") else {
        return eprintln!("skipped: nginx is not installed");
    };
    for pass in ["proxy_pass http://ihook/hooks/;", "proxy_pass http://ihook;"] {
        let (app, dir, port) = (TestApp::start().await, tempfile::tempdir().unwrap(), free_port());
        let config = adapted(
            recommended("nginx"),
            &[
                ("127.0.0.1:8787", app.hooks_url.strip_prefix("http://").unwrap()),
                ("listen 443 ssl;", &format!("listen 127.0.0.1:{port};")),
                ("  ssl_certificate /etc/ssl/hooks.crt;\n", ""),
                ("  ssl_certificate_key /etc/ssl/hooks.key;\n", ""),
                ("/var/log/nginx/ihook.log", &dir.path().join("ihook.log").display().to_string()),
                ("proxy_pass http://ihook/hooks/;", pass),
            ],
        );
        let _proxy = started(nginx(&program, dir.path(), &config), port).await;
        check(app, "http", port, pass).await;
    }
}

#[tokio::test]
async fn caddy_in_front_as_the_docs_have_it_with_the_prefix_and_without() {
    let Some(program) = program("caddy") else {
        return eprintln!("skipped: Caddy is not installed");
    };
    for handle in ["handle_path", "handle"] {
        let (app, dir, port) = (TestApp::start().await, tempfile::tempdir().unwrap(), free_port());
        let config = adapted(
            recommended("caddyfile"),
            &[
                ("127.0.0.1:8787", app.hooks_url.strip_prefix("http://").unwrap()),
                (
                    "hooks.example.org {",
                    &format!("https://{HOST}:{port} {{\n  bind 127.0.0.1\n  tls internal"),
                ),
                ("handle_path", handle),
            ],
        );
        let _proxy = started(caddy(&program, dir.path(), &config), port).await;
        check(app, "https", port, handle).await;
    }
}
