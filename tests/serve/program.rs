//! `dsys serve` as a program: what it prints, how it stops, what it says where it cannot listen.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, ChildStdout, Command, Stdio};

const DSYS: &str = env!("CARGO_BIN_EXE_dsys");

/// A program that ends with its test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

/// Starts a server, and reads where it is.
fn serve(args: &[&str]) -> (Program, BufReader<ChildStdout>, String) {
    let mut command = Command::new(DSYS);
    command.arg("serve").args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = Program(command.spawn().unwrap());
    let mut stdout = BufReader::new(program.0.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    (program, stdout, line)
}

fn said(program: &mut Program) -> String {
    let mut said = String::new();
    program.0.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    said
}

#[cfg(unix)]
#[test]
fn it_says_where_it_is_and_stops_when_it_is_told_to() {
    for signal in ["INT", "TERM", "HUP"] {
        let (mut program, _stdout, line) = serve(&["--listen", "127.0.0.1:0"]);
        let address = line.trim().strip_prefix("The stage is at http://").unwrap().trim_end_matches('/');
        // A connection that stays open keeps it from nothing.
        let _idle = std::net::TcpStream::connect(address).unwrap();
        let pid = program.0.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &pid]).status().unwrap().success());
        assert_eq!(program.0.wait().unwrap().code(), Some(0), "{signal}");
        assert_eq!(said(&mut program), "Ctrl-C ends it.\n");
    }
}

#[cfg(unix)]
#[test]
fn it_says_what_it_means_to_listen_for_everybody() {
    let (mut program, mut stdout, line) = serve(&["--listen", "0.0.0.0:0", "--name", "demo.local"]);
    let port = line.trim().strip_prefix("The stage is at http://127.0.0.1:").unwrap().trim_end_matches('/');
    let addresses: Vec<String> = if_addrs::get_if_addrs()
        .unwrap()
        .iter()
        .map(if_addrs::Interface::ip)
        .filter(|ip| ip.is_ipv4() && !ip.is_loopback())
        .map(|ip| format!("http://{ip}:{port}/"))
        .collect();
    let pid = program.0.id().to_string();
    assert!(Command::new("kill").args(["-s", "TERM", &pid]).status().unwrap().success());
    program.0.wait().unwrap();
    let mut more = String::new();
    stdout.read_to_string(&mut more).unwrap();
    // Every address of this machine, the name that was asked for, and the code of the first.
    for url in addresses.into_iter().chain([format!("http://demo.local:{port}/")]) {
        assert!(more.contains(&url), "{url} is not in {more}");
    }
    assert!(more.contains("For others:     http://") && more.contains("█▀▀▀▀▀█"), "{more}");
    let said = said(&mut program);
    assert!(said.contains("Everybody on any network of this machine can open it"), "{said}");
}

#[test]
fn a_port_that_is_taken_is_told_with_one_that_is_not() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let output = Command::new(DSYS).args(["serve", "--listen", &listen]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0), "{said}");
    assert!(said.contains(&format!("{listen} is taken")), "{said}");
    let offered = said.lines().last().unwrap().trim().strip_prefix("dsys serve --listen ").unwrap();
    assert!(TcpListener::bind(offered).is_ok(), "{offered}");
}

#[test]
fn an_address_that_is_none_is_refused() {
    let check = |args: &[&str], code: i32, says: &str| {
        let output = Command::new(DSYS).arg("serve").args(args).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(says), "{said}");
    };
    check(&["--listen", "7411"], 2, "127.0.0.1:7411");
    check(&["--listen", "example.org:80"], 2, "127.0.0.1:7411");
    check(&["--listen", "127.0.0.1:70000"], 2, "127.0.0.1:7411");
    check(&["--listen", "203.0.113.7:7411"], 3, "this machine has no address 203.0.113.7");
    check(&["--public-url", "laptop"], 2, "not a web address");
    check(&["--public-url", "http://laptop/#x"], 2, "may not have");
    check(&["--name", "demo.local:7411"], 2, "without a port");
}
