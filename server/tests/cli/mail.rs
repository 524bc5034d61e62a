//! Tests of the mail commands with a real mail server.

use std::{io::Write, process::Stdio};

use tempfile::TempDir;

use crate::{
    certificate,
    mail_server::MailServer,
    program::{run, stderr, stdout},
    wait::until,
};

#[test]
fn a_test_mail_goes_over_starttls_and_over_tls_with_a_password() {
    let folder = tempfile::tempdir().unwrap();
    let [authority, certificate, key] = certificate::issue(folder.path());
    for (secure, scheme, query) in [("", "smtp", "?tls=required"), ("1", "smtps", "")] {
        let mut server = MailServer::start(&[
            ("SMTP_CERT", &certificate),
            ("SMTP_KEY", &key),
            ("SMTP_SECURE", secure),
            ("SMTP_AUTH", "ada:hunter 2"),
        ]);
        let url = format!("{scheme}://ada:hunter%202@localhost:{}{query}", server.port);
        let settings = [
            ("BROADSHEET_SMTP_URL", url.as_str()),
            ("BROADSHEET_MAIL_FROM", "The Paper <post@example.org>"),
            ("SSL_CERT_FILE", &authority),
        ];
        let output = run(&folder, &settings, &["mail", "test", "grace@example.org"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(
            stdout(&output).contains("grace@example.org"),
            "{}",
            stdout(&output)
        );
        let mail = server.line();
        assert!(
            mail.contains("A test email from Broadsheet") && mail.contains(r#""secure":true"#),
            "{mail}"
        );

        // A certificate by an unknown authority is rejected, and a wrong password is reported.
        let stranger = [settings[0], settings[1]];
        let output = run(&folder, &stranger, &["mail", "test", "grace@example.org"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            stderr(&output).contains("the email was not sent"),
            "{}",
            stderr(&output)
        );
        let wrong = url.replace("hunter%202", "guess");
        let settings = [("BROADSHEET_SMTP_URL", wrong.as_str()), settings[2]];
        let output = run(&folder, &settings, &["mail", "test", "grace@example.org"]);
        assert!(
            stderr(&output).contains("wrong user or password"),
            "{}",
            stderr(&output)
        );
        assert!(!stderr(&output).contains("guess"), "{}", stderr(&output));
    }
}

#[test]
fn what_cannot_be_sent_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(
        &folder,
        &[("BROADSHEET_SMTP_URL", "smtp://127.0.0.1:1")],
        &["mail", "test", "a@b"],
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("the email was not sent"),
        "{}",
        stderr(&output)
    );
    let output = run(&folder, &[], &["mail", "test", "nobody"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("is not an email address"),
        "{}",
        stderr(&output)
    );
    let output = run(&folder, &[], &["mail", "post"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn without_a_mail_server_a_mail_becomes_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(&folder, &[], &["mail", "test", "ada@example.org"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let mut files = std::fs::read_dir(folder.path().join("data/mail")).unwrap();
    let file = files.next().unwrap().unwrap();
    assert!(
        stdout(&output).contains(file.file_name().to_str().unwrap()),
        "{}",
        stdout(&output)
    );
    let text = std::fs::read_to_string(file.path()).unwrap();
    assert!(text.contains("To: ada@example.org"), "{text}");
}

/// Runs a site with a mail server that rejects its mail.
fn a_site_whose_mail_is_refused(folder: &TempDir, server: &mut MailServer) {
    use std::net::TcpListener;

    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let smtp = format!("smtp://127.0.0.1:{}", server.port);
    server.input.write_all(b"refuse 550 no such mailbox\n").unwrap();
    assert_eq!(server.line(), "changed");
    let listen = format!("127.0.0.1:{port}");
    let mut running = crate::program::program(
        folder,
        &[("BROADSHEET_SMTP_URL", &smtp), ("BROADSHEET_LISTEN", &listen)],
    )
    .stdout(Stdio::null())
    .stderr(Stdio::null())
    .spawn()
    .unwrap();
    let register = || -> std::io::Result<()> {
        let body = "username=ada&email=ada%40example.org&password=ada-secret!&confirm_password=ada-secret!";
        let mut socket = std::net::TcpStream::connect(&listen)?;
        write!(
            socket,
            "POST /register HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        std::io::copy(&mut socket, &mut std::io::sink()).map(drop)
    };
    until("somebody can register", || register().is_ok());
    until("the mail is given up", || {
        stdout(&run(folder, &[], &["mail", "queue"])).contains("1 given up")
    });
    running.kill().unwrap();
    running.wait().unwrap();
}

// MAIL-03
#[test]
fn the_queue_tells_what_has_not_left_and_why() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(&folder, &[], &["mail", "queue"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("there is no site in ./data"),
        "{}",
        stderr(&output)
    );
    assert!(!folder.path().join("data").exists());
    let mut server = MailServer::start(&[]);
    a_site_whose_mail_is_refused(&folder, &mut server);
    let output = run(&folder, &[], &["mail", "queue"]);
    let text = stdout(&output);
    for part in [
        "0 waiting, 1 given up",
        "welcome",
        "to ada@example.org",
        "1 attempt,",
        "no such mailbox",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let output = run(&folder, &[], &["mail", "retry"]);
    assert!(
        stdout(&output).contains("1 job will be tried again"),
        "{}",
        stdout(&output)
    );
    assert!(stdout(&run(&folder, &[], &["mail", "queue"])).contains("1 waiting, 0 given up"));
}
