//! A client that says exactly the bytes that it is told to, and a server to say them to.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use dsys::library::Library;
use dsys::stage::{Options, Patience, Stage};
use serde_json::Value as Json;
use tokio::sync::oneshot;

/// Longer than anything that a test waits for.
const FOREVER: Duration = Duration::from_secs(60);

/// A server that stops with its test.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<io::Result<()>>>,
}

impl Server {
    pub(crate) fn start() -> Server {
        Server::with(Patience::default(), None)
    }

    pub(crate) fn with(patience: Patience, public_url: Option<&str>) -> Server {
        let public_url = public_url.map(|url| url.parse().unwrap());
        Server::of(Options {
            listen: "127.0.0.1:0".parse().unwrap(),
            public_url,
            names: Vec::new(),
            library: Arc::new(Library::shipped()),
            patience,
        })
    }

    pub(crate) fn of(options: Options) -> Server {
        let stage = Stage::bind(options).unwrap();
        let address = stage.address();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || stage.serve(|| Ok(async move { drop(stopped.await) })));
        Server { address, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        ready(TcpStream::connect(self.address).unwrap())
    }

    /// Connects from another address of this machine, as somebody else in the room does.
    #[cfg(target_os = "linux")]
    pub(crate) fn connect_from(&self, address: [u8; 4]) -> io::Result<TcpStream> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let stream = runtime.block_on(async {
            let socket = tokio::net::TcpSocket::new_v4()?;
            socket.bind((address, 0).into())?;
            socket.connect(self.address).await
        })?;
        let stream = stream.into_std()?;
        stream.set_nonblocking(false)?;
        Ok(ready(stream))
    }

    /// Sends these bytes and reads the answer.
    pub(crate) fn say(&self, bytes: impl AsRef<[u8]>) -> Answer {
        let mut stream = self.connect();
        // A server that has heard enough closes its end.
        let _ = stream.write_all(bytes.as_ref());
        let is_head = bytes.as_ref().starts_with(b"HEAD ");
        if is_head { Answer::read_head(&mut stream).unwrap() } else { Answer::read(&mut stream).unwrap() }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.say(format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address))
    }

    pub(crate) fn get_with(&self, path: &str, headers: &str) -> Answer {
        self.say(format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{headers}\r\n\r\n", self.address))
    }

    pub(crate) fn post(&self, path: &str, body: &str) -> Answer {
        self.say(self.posted(path, body))
    }

    /// The bytes of a request that brings JSON.
    pub(crate) fn posted(&self, path: &str, body: &str) -> String {
        self.posted_by("", path, body)
    }

    /// The same from a page that says which one it is.
    pub(crate) fn posted_by(&self, page: &str, path: &str, body: &str) -> String {
        format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\n\
             x-dsys-page: {page}\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )
    }

    /// Fails unless the server still does what it is there for.
    #[track_caller]
    pub(crate) fn assert_serving(&self) {
        let answer = self.post("/api/run", r#"{ "scenario": "three-generals" }"#);
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    /// Asks the server to stop, and waits until it has.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap().unwrap();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
    }
}

fn ready(stream: TcpStream) -> TcpStream {
    stream.set_read_timeout(Some(FOREVER)).unwrap();
    stream.set_write_timeout(Some(FOREVER)).unwrap();
    stream
}

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Reads an answer that has no body.
    pub(crate) fn read_head(reader: &mut impl Read) -> io::Result<Answer> {
        let head = line(reader)?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other(format!("no answer: {head:?}")))?;
        let mut headers = BTreeMap::new();
        loop {
            let header = line(reader)?;
            let Some((name, value)) = header.split_once(':') else { break };
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
        Ok(Answer { status, headers, body: Vec::new() })
    }

    /// Reads an answer to its end, by its length or its chunks.
    pub(crate) fn read(stream: &mut impl Read) -> io::Result<Answer> {
        let mut reader = io::BufReader::new(stream);
        let Answer { status, headers, mut body } = Answer::read_head(&mut reader)?;
        if headers.get("transfer-encoding").is_some_and(|coding| coding == "chunked") {
            loop {
                let length = usize::from_str_radix(&line(&mut reader)?, 16).map_err(io::Error::other)?;
                let start = body.len();
                body.resize(start + length, 0);
                reader.read_exact(&mut body[start..])?;
                line(&mut reader)?;
                if length == 0 {
                    break;
                }
            }
        } else if let Some(length) = headers.get("content-length").filter(|_| status != 304) {
            body.resize(length.parse().map_err(io::Error::other)?, 0);
            reader.read_exact(&mut body)?;
        }
        Ok(Answer { status, headers, body })
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The objects of an answer in lines.
    pub(crate) fn lines(&self) -> Vec<Json> {
        assert_eq!((self.status, self.header("content-type")), (200, "application/x-ndjson"), "{}", self.text());
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// What the last line of an answer in lines tells as done.
    pub(crate) fn done(&self) -> Json {
        let done = self.lines().pop().and_then(|mut last| last.get_mut("done").map(Json::take));
        done.unwrap_or_else(|| panic!("it does not end: {}", self.text()))
    }

    /// What a refusal says.
    pub(crate) fn error(&self) -> String {
        self.json()["error"]["message"].as_str().unwrap_or_else(|| panic!("no refusal: {}", self.text())).to_owned()
    }
}

fn line(reader: &mut impl Read) -> io::Result<String> {
    let mut line = Vec::new();
    let mut byte = [0];
    while reader.read(&mut byte)? == 1 && byte != *b"\n" {
        line.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}
