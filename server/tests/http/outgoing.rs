//! Tests that the setting about outgoing requests has an effect on the client of a running site.

use std::time::Duration;

use domain::platform::outgoing::{OutgoingError, OutgoingRequest};
use server::application::Application;
use tokio::{sync::oneshot, time::timeout};

use crate::config::config;

#[tokio::test]
async fn a_site_requests_its_own_pages_if_the_setting_allows_the_address() {
    for (allowed, is_allowed) in [(None, false), (Some("127.0.0.1/32"), true)] {
        let folder = tempfile::tempdir().unwrap();
        let mut config = config("http://localhost:3000", folder.path());
        config
            .outgoing_allow
            .extend(allowed.map(|network| network.parse::<ipnet::IpNet>().unwrap()));
        let application = Application::build(&config).await.unwrap();
        let url = format!("http://{}/", application.address().unwrap());
        let client = application.state().outgoing.clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(application.run_until(async {
            let _ = stopped.await;
        }));

        let sent = timeout(Duration::from_secs(20), client.send(OutgoingRequest::get(url)));
        match sent.await.unwrap() {
            Ok(response) => assert!(is_allowed && response.status.is_success(), "{response:?}"),
            Err(error) => assert!(!is_allowed && error == OutgoingError::RefusedAddress, "{error}"),
        }
        drop(stop);
        timeout(Duration::from_secs(20), running).await.unwrap().unwrap();
    }
}
