//! Several servers on one database.

use std::thread;

use crate::{database, site::Site};

#[test]
fn servers_that_start_together_make_the_schema_once() {
    let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let url = database::url(folders[0].path());
    let settings = [("BROADSHEET_DATABASE_URL", url.as_str())];
    let sites = thread::scope(|scope| {
        let starting = folders
            .each_ref()
            .map(|folder| scope.spawn(move || Site::start(folder, &settings)));
        starting.map(|site| site.join().unwrap())
    });
    let ada = sites[0].member("ada");
    ada.publish("Seen everywhere", "Text.").unwrap();
    for site in sites {
        assert!(ada.at(&site).get("/").unwrap().text().contains("Seen everywhere"));
        site.end();
    }
}
