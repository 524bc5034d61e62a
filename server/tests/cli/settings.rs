//! Tests of valid and invalid settings.

use std::process::Command;

use crate::program::{run, stderr};

#[test]
fn a_wrong_setting_stops_the_start_with_one_line_and_exit_code_2() {
    for (name, value) in [
        ("BROADSHEET_LISTEN", "here"),
        ("BROADSHEET_POSTS_PER_PAGE", "0"),
        ("BROADSHEET_SITE_URL", "ftp://example.org"),
        ("BROADSHEET_LOG", "loud=very=much"),
        ("BROADSHEET_LOG", "loud"),
        ("BROADSHEET_LOG", "info,sqlx"),
        ("BROADSHEET_DATABASE_URL", "mysql://ada:hunter2@db/x"),
        ("BROADSHEET_DATABASE_URL", "sqlite:///no/such/folder/x.sqlite3"),
        ("BROADSHEET_DATABASE_URL", "sqlite::memory:"),
        ("BROADSHEET_DATA_DIR", "/dev/null/data"),
        ("BROADSHEET_COLOUR", "red"),
        ("PORT", "many"),
        ("BROADSHEET_SMTP_URL", "mail.example.org"),
        ("BROADSHEET_SMTP_URL", "smtp://ada:hunter2@mail.example.org"),
        ("BROADSHEET_SMTP_URL_FILE", "/no/such/file"),
        ("BROADSHEET_MAIL_FROM", "nobody"),
        ("BROADSHEET_MEDIA_URL", "s3://ada:hunter2@bucket"),
        ("BROADSHEET_MEDIA_ACCESS_KEY", "alone"),
        ("BROADSHEET_MEDIA_SERVED", "signed"),
        ("BROADSHEET_MEDIA_SERVED", "somehow"),
        ("BROADSHEET_MEDIA_SERVED", "http://localhost:3000/media/"),
        ("BROADSHEET_MEDIA_URL", "file:///dev/null/media"),
        ("BROADSHEET_REGISTRATION", "ajar"),
        ("BROADSHEET_TRUSTED_PROXIES", "10.0.0.0/8,here"),
        ("BROADSHEET_OUTGOING_ALLOW", "10.0.0.0/8,there"),
        ("BROADSHEET_LIMITS", "maybe"),
        ("BROADSHEET_LIMIT_LOGIN_ADDRESS", "often"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let output = run(&folder, &[(name, value)], &[]);
        let line = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{name}={value}: {line}");
        assert_eq!(line.trim_end().lines().count(), 1, "{line}");
        assert!(line.starts_with("broadsheet: ") && line.contains(name), "{line}");
        assert!(!line.contains("hunter2"), "{line}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn the_file_env_is_read_from_the_working_folder_and_never_repeated() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".env"), "BROADSHEET_POSTS_PER_PAGE=none\n").unwrap();
    assert!(stderr(&run(&folder, &[], &[])).contains("BROADSHEET_POSTS_PER_PAGE"));

    std::fs::write(
        folder.path().join(".env"),
        "BROADSHEET_DATABASE_URL=postgres://ada:hunt er2@db\n",
    )
    .unwrap();
    let output = run(&folder, &[], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!stderr(&output).contains("er2"), "{}", stderr(&output));

    // The file is not used in a subfolder, because only the working folder counts.
    let below = folder.path().join("below");
    std::fs::create_dir(&below).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_broadsheet"))
        .current_dir(&below)
        .env_clear()
        .env("BROADSHEET_LISTEN", "nowhere")
        .output()
        .unwrap();
    assert!(stderr(&output).contains("BROADSHEET_LISTEN"));
}

#[test]
fn a_flag_wins_over_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(
        &folder,
        &[("BROADSHEET_POSTS_PER_PAGE", "7")],
        &["--posts-per-page", "0"],
    );
    assert!(stderr(&output).contains("\"0\""), "{}", stderr(&output));
}

#[test]
fn help_shows_examples_and_stops() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(
        &folder,
        &[("BROADSHEET_DATABASE_URL", "postgres://ada:hunter2@db/x")],
        &["--help"],
    );
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(text.contains("Examples:") && text.contains("BROADSHEET_LISTEN"));
    assert!(!text.contains("hunter2"));
}

#[test]
fn a_secret_may_stand_in_a_file_and_not_in_two_places() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("smtp");
    std::fs::write(&file, "smtp://ada:hunter2@mail.example.org\n").unwrap();
    let file = file.to_str().unwrap();
    let output = run(&folder, &[("BROADSHEET_SMTP_URL_FILE", file)], &[]);
    let line = stderr(&output);
    assert!(
        line.contains("BROADSHEET_SMTP_URL") && line.contains("tls=required"),
        "{line}"
    );
    assert!(!line.contains("hunter2"), "{line}");

    let both = [
        ("BROADSHEET_SMTP_URL_FILE", file),
        ("BROADSHEET_SMTP_URL", "smtp://localhost"),
    ];
    let output = run(&folder, &both, &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("both set"), "{}", stderr(&output));
}

#[test]
fn the_database_s_address_may_stand_in_a_file_as_well() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("url"), "sqlite://kept.sqlite3\n").unwrap();
    std::fs::write(folder.path().join("wrong"), "mysql://ada:hunter2@db/x\n").unwrap();
    let named = [("BROADSHEET_DATABASE_URL_FILE", "url")];
    let up = run(&folder, &named, &["migrate", "up"]);
    assert!(
        up.status.success() && folder.path().join("kept.sqlite3").exists(),
        "{}",
        stderr(&up)
    );
    for settings in [
        &[("BROADSHEET_DATABASE_URL_FILE", "wrong")][..],
        &[named[0], ("DATABASE_URL", "sqlite://other.sqlite3")],
    ] {
        let refused = run(&folder, settings, &["migrate", "up"]);
        assert_eq!(refused.status.code(), Some(2));
        let line = stderr(&refused);
        assert!(
            line.contains("BROADSHEET_DATABASE_URL") && !line.contains("hunter2"),
            "{line}"
        );
    }
}

#[test]
fn a_flag_that_is_misspelt_is_never_compared_with_one_that_the_help_does_not_list() {
    let folder = tempfile::tempdir().unwrap();
    let help = run(&folder, &[], &["--help"]);
    let help = String::from_utf8(help.stdout).unwrap();
    for flag in [
        "--prot",
        "--port-",
        "--databse-url",
        "--database-ulr",
        "--lisen",
        "--listn",
    ] {
        let refused = run(&folder, &[], &[flag, "x"]);
        let line = stderr(&refused);
        assert!(
            refused.status.code() == Some(2) && line.lines().count() == 1,
            "{flag}: {line}"
        );
        assert!(line.contains(flag), "{line}");
        for suggested in line
            .split('\'')
            .filter(|word| word.starts_with("--") && *word != flag)
        {
            assert!(help.contains(suggested), "{suggested} in {line}");
        }
    }
    assert!(stderr(&run(&folder, &[], &["--listn", "x"])).contains("--listen"));
}

#[test]
fn a_mail_server_that_is_none_is_refused_in_our_own_words() {
    for (url, told) in [
        ("http://mail.example.org", "must start with smtp:// or smtps://"),
        ("mail.example.org:587", "must start with smtp:// or smtps://"),
        ("smtp://", "not the address of a mail server"),
        (
            "smtp://mail.example.org?tls=maybe",
            "not the address of a mail server",
        ),
        (
            "smtp://mail.example.org:99999",
            "not the address of a mail server",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let refused = run(&folder, &[("BROADSHEET_SMTP_URL", url)], &["check"]);
        let line = stderr(&refused);
        assert_eq!(refused.status.code(), Some(2), "{url}: {line}");
        assert!(
            line.starts_with("broadsheet: BROADSHEET_SMTP_URL: ") && line.contains(told),
            "{url}: {line}"
        );
        assert_eq!(line.lines().count(), 1, "{line}");
    }
}
