//! Tests of the logo, the icon, the accent colour and the custom CSS.

use std::collections::BTreeMap;

use domain::{
    Scope, accounts,
    administration::{settings, site_images},
    media::{self, inline_images},
    platform::entity::image as image_row,
};
use image::{DynamicImage, GenericImageView, ImageFormat, Rgba, RgbaImage};
use sea_orm::{EntityTrait, PaginatorTrait};
use shared::{
    error::AppError,
    forms::{
        FieldErrors, FieldProblem,
        appearance::{CssProblem, CssRefusal},
        site::SettingsChange,
    },
    model::{
        account::{Role, Viewer},
        site::Setting,
        site_image::{Icon, IconFile},
    },
    paths,
};
use time::Duration;

use crate::{
    picture::{encoded, halves},
    site::Site,
};

async fn administrator(site: &Site, name: &str) -> (Scope, Viewer) {
    site.member(name).await;
    let operator = site.command_line();
    accounts::administration::set_role(&operator, name, Role::Administrator)
        .await
        .unwrap();
    let scope = site.signed_in(name).await;
    let viewer = scope.require_viewer().await.unwrap();
    (scope, viewer)
}

async fn upload(scope: &Scope, viewer: &Viewer, setting: Setting, file: Vec<u8>) -> Result<(), AppError> {
    let permit = site_images::reserve(scope, viewer).await?;
    site_images::change(scope, viewer, permit, setting, file).await
}

async fn change(scope: &Scope, viewer: &Viewer, setting: Setting, value: &str) -> Result<(), AppError> {
    let values = BTreeMap::from([(setting, value.to_owned())]);
    settings::change(scope, viewer, SettingsChange { values, base: None }).await
}

fn problem(setting: Setting, problem: FieldProblem) -> Result<(), AppError> {
    Err(FieldErrors::one(setting.field(), problem).into())
}

fn files(site: &Site) -> usize {
    std::fs::read_dir(site.folder.path().join("media/site")).map_or(0, Iterator::count)
}

async fn picture(site: &Site, address: &str) -> (Vec<u8>, DynamicImage) {
    let name = address.strip_prefix(paths::SITE_IMAGES).unwrap();
    let bytes = site
        .state
        .media
        .store
        .read_at(&format!("site/{name}"))
        .await
        .unwrap();
    let image = image::load_from_memory(&bytes).unwrap();
    (bytes.to_vec(), image)
}

async fn icon_file(site: &Site, icon: &Icon, file: IconFile) -> DynamicImage {
    picture(site, &paths::icon(icon, file)).await.1
}

#[tokio::test]
async fn a_logo_is_scaled_down_replaced_and_removed_with_its_file() {
    let site = Site::new().await;
    let (ada, viewer) = administrator(&site, "ada").await;
    for (uploaded, stored, shown) in [
        ((1_200, 300), (960, 240), (480, 120)),
        ((300, 60), (300, 60), (300, 60)),
        ((100, 1_000), (24, 240), (12, 120)),
    ] {
        let file = encoded(&halves(uploaded.0, uploaded.1), ImageFormat::Png);
        upload(&ada, &viewer, Setting::Logo, file.clone()).await.unwrap();
        let logo = site.visitor().site().await.logo.clone().unwrap();
        assert_eq!(logo.shown(), shown);
        let (bytes, image) = picture(&site, &paths::logo(&logo)).await;
        assert_eq!(image.dimensions(), stored);
        assert_ne!(bytes, file);
        assert_eq!(files(&site), 1);
    }
    site_images::remove(&ada, &viewer, Setting::Logo).await.unwrap();
    media::sweep(&site.state).await;
    assert_eq!(site.visitor().site().await.logo, None);
    assert_eq!(files(&site), 0);
}

#[tokio::test]
async fn an_icon_has_all_sizes_and_is_opaque_where_it_must_be() {
    let site = Site::new().await;
    let (ada, viewer) = administrator(&site, "ada").await;
    let mut glass = RgbaImage::from_pixel(600, 400, Rgba([0, 0, 0, 0]));
    for pixel in glass
        .enumerate_pixels_mut()
        .filter(|(x, ..)| (200..400).contains(x))
    {
        *pixel.2 = Rgba([200, 30, 30, 255]);
    }
    let file = encoded(&DynamicImage::ImageRgba8(glass), ImageFormat::Png);
    upload(&ada, &viewer, Setting::Icon, file).await.unwrap();
    let icon = site.visitor().site().await.icon.clone().unwrap();
    for file in IconFile::ALL {
        let drawn = icon_file(&site, &icon, file).await;
        let (width, middle) = (file.pixels(), file.pixels() / 2);
        assert_eq!(drawn.dimensions(), (width, width), "{file:?}");
        assert_eq!(drawn.get_pixel(middle, middle).0, [200, 30, 30, 255], "{file:?}");
        let is_opaque = matches!(file, IconFile::Touch | IconFile::Maskable);
        let corner = drawn.get_pixel(0, 0).0;
        assert_eq!(corner[3], if is_opaque { 255 } else { 0 }, "{file:?}");
    }
    assert_eq!(files(&site), IconFile::ALL.len());

    // Of an opaque icon, the margin has the colour of its corner.
    upload(
        &ada,
        &viewer,
        Setting::Icon,
        encoded(&halves(600, 600), ImageFormat::Png),
    )
    .await
    .unwrap();
    let icon = site.visitor().site().await.icon.clone().unwrap();
    let image = icon_file(&site, &icon, IconFile::Maskable).await;
    let (edge, inner) = (image.get_pixel(1, 256).0, image.get_pixel(60, 256).0);
    assert!(
        edge[0] > 200 && inner[0] > 200 && edge[2] < 60,
        "{edge:?} {inner:?}"
    );
    assert_eq!(files(&site), IconFile::ALL.len());
}

#[tokio::test]
async fn a_file_that_is_no_picture_is_refused_and_the_one_before_stays() {
    let site = Site::new().await;
    let (ada, viewer) = administrator(&site, "ada").await;
    let good = encoded(&halves(300, 60), ImageFormat::Png);
    for setting in [Setting::Logo, Setting::Icon] {
        upload(&ada, &viewer, setting, good.clone()).await.unwrap();
        let before = site.visitor().site().await;
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec();
        let damaged = good[..good.len() / 2].to_vec();
        for (file, expected) in [
            (svg, FieldProblem::NotAPicture),
            (b"a text".to_vec(), FieldProblem::NotAPicture),
            (damaged, FieldProblem::Broken),
        ] {
            let refused = upload(&ada, &viewer, setting, file).await;
            assert_eq!(refused, problem(setting, expected));
        }
        assert_eq!(site.visitor().site().await, before);
    }
    assert_eq!(files(&site), 1 + IconFile::ALL.len());
}

#[tokio::test]
async fn only_administrators_change_the_appearance() {
    let site = Site::new().await;
    site.member("eve").await;
    let eve = site.signed_in("eve").await;
    let viewer = eve.require_viewer().await.unwrap();
    let refused = site_images::reserve(&eve, &viewer).await.map(drop);
    assert_eq!(refused, Err(AppError::RoleRequired));
    for setting in [Setting::Logo, Setting::Icon] {
        let refused = site_images::remove(&eve, &viewer, setting).await;
        assert_eq!(refused, Err(AppError::RoleRequired));
    }
    for (setting, value) in [(Setting::Accent, "#1a5f9e"), (Setting::CustomCss, "a{color:red}")] {
        let refused = change(&eve, &viewer, setting, value).await;
        assert_eq!(refused, Err(AppError::RoleRequired));
    }
}

#[tokio::test]
async fn a_name_of_a_file_that_was_not_uploaded_is_no_logo() {
    let site = Site::new().await;
    let (ada, viewer) = administrator(&site, "ada").await;
    for (setting, value) in [
        (Setting::Logo, "0a-1b-300-60.webp"),
        (Setting::Logo, "../../secret"),
        (Setting::Icon, "0a-1b"),
    ] {
        let refused = change(&ada, &viewer, setting, value).await;
        assert_eq!(refused, problem(setting, FieldProblem::NotUploaded), "{value}");
    }
    // The operator can remove a logo as well.
    upload(
        &ada,
        &viewer,
        Setting::Logo,
        encoded(&halves(30, 30), ImageFormat::Png),
    )
    .await
    .unwrap();
    settings::set(&site.command_line(), Setting::Logo, String::new())
        .await
        .unwrap();
    media::sweep(&site.state).await;
    assert_eq!(files(&site), 0);
}

#[tokio::test]
async fn the_files_of_logo_and_icon_are_kept_and_move_with_the_others() {
    let site = Site::new().await;
    let (ada, viewer) = administrator(&site, "ada").await;
    for setting in [Setting::Logo, Setting::Icon] {
        upload(
            &ada,
            &viewer,
            setting,
            encoded(&halves(300, 300), ImageFormat::Png),
        )
        .await
        .unwrap();
    }
    let named = media::named(site.state.db.reader()).await.unwrap();
    assert_eq!(named.len(), 1 + IconFile::ALL.len(), "{named:?}");
    let (db, store) = (site.state.db.writer(), &site.state.media.store);
    media::schedule_deletion_of_unnamed(db, store, site.state.clock.now())
        .await
        .unwrap();
    site.state.clock.advance(Duration::days(1));
    media::sweep(&site.state).await;
    assert_eq!(files(&site), named.len());
}

#[tokio::test]
async fn an_accent_is_used_or_refused_with_the_nearest_that_is_legible() {
    let site = Site::new().await;
    let (ada, viewer) = administrator(&site, "ada").await;
    assert_eq!(site.visitor().site().await.accent, None);
    change(&ada, &viewer, Setting::Accent, "#1A5F9E").await.unwrap();
    let accent = site.visitor().site().await.accent.unwrap();
    assert_eq!(accent.light().to_string(), "#1a5f9e");
    let refused = change(&ada, &viewer, Setting::Accent, "#ffff00").await;
    let Err(AppError::Invalid(errors)) = refused else {
        panic!("{refused:?}");
    };
    let message = errors.for_field(Setting::Accent.field()).unwrap().message();
    assert!(message.starts_with("Use #"), "{message}");
    let nearest = message.get(4..11).unwrap();
    change(&ada, &viewer, Setting::Accent, nearest).await.unwrap();
    change(&ada, &viewer, Setting::Accent, "#8c1d18").await.unwrap();
    assert_eq!(site.visitor().site().await.accent, None);
}

#[tokio::test]
async fn custom_css_is_served_compact_and_changes_its_version() {
    let site = Site::new().await;
    let (ada, viewer) = administrator(&site, "ada").await;
    let source = "/* ours */\nbody {\n  color: #123456;\n}\n";
    change(&ada, &viewer, Setting::CustomCss, source).await.unwrap();
    let first = site.visitor().site().await.custom_css.clone().unwrap();
    assert_eq!(first.text, "body{color:#123456}");
    // The administrator sees the source as it was written.
    let values = settings::read(&ada, &viewer).await.unwrap();
    assert_eq!(values.get(Setting::CustomCss).unwrap().value, source);
    change(&ada, &viewer, Setting::CustomCss, "body{color:#654321}")
        .await
        .unwrap();
    let second = site.visitor().site().await.custom_css.clone().unwrap();
    assert_ne!(first.version, second.version);
    change(&ada, &viewer, Setting::CustomCss, "").await.unwrap();
    assert_eq!(site.visitor().site().await.custom_css, None);
}

#[tokio::test]
async fn custom_css_that_is_refused_says_where_and_changes_nothing() {
    let site = Site::new().await;
    let (ada, viewer) = administrator(&site, "ada").await;
    change(&ada, &viewer, Setting::CustomCss, "body{color:red}")
        .await
        .unwrap();
    for (source, line, column, refusal) in [
        ("a { color: red }\n @import 'b';", 2, 2, CssRefusal::Import),
        ("a { color: red; } }", 1, 19, CssRefusal::Syntax),
        (
            "a { background: url(/media/image/0a-1b-1-2.webp) }",
            1,
            17,
            CssRefusal::NoPicture,
        ),
    ] {
        let refused = change(&ada, &viewer, Setting::CustomCss, source).await;
        let expected = FieldProblem::Css(CssProblem {
            line,
            column,
            refusal,
        });
        assert_eq!(refused, problem(Setting::CustomCss, expected), "{source}");
    }
    let css = site.visitor().site().await.custom_css.clone().unwrap();
    assert_eq!(css.text, "body{color:red}");
}

#[tokio::test]
async fn a_picture_in_the_custom_css_stays() {
    let site = Site::new().await;
    let (ada, viewer) = administrator(&site, "ada").await;
    let permit = inline_images::reserve(&ada, &viewer).await.unwrap();
    let file = encoded(&halves(60, 40), ImageFormat::Png);
    let image = inline_images::add(&ada, &viewer, permit, file).await.unwrap();
    let css = format!("body {{ background: url({}) }}", paths::image(&image));
    change(&ada, &viewer, Setting::CustomCss, &css).await.unwrap();
    let days = async |days: u32| {
        let mut swept = 0;
        for _ in 0..days {
            site.state.clock.advance(Duration::days(1));
            swept += inline_images::sweep(&site.job()).await.unwrap();
        }
        swept
    };
    assert_eq!(days(60).await, 0);
    change(&ada, &viewer, Setting::CustomCss, "").await.unwrap();
    assert_eq!(days(60).await, 1);
}

#[tokio::test]
async fn a_picture_in_any_setting_stays_even_if_its_owner_goes() {
    for setting in [Setting::CustomCss, Setting::Notice, Setting::FooterText] {
        let site = Site::new().await;
        administrator(&site, "grace").await;
        let (ada, viewer) = administrator(&site, "ada").await;
        let permit = inline_images::reserve(&ada, &viewer).await.unwrap();
        let file = encoded(&halves(60, 40), ImageFormat::Png);
        let image = inline_images::add(&ada, &viewer, permit, file).await.unwrap();
        let address = paths::image(&image);
        let value = match setting {
            Setting::CustomCss => format!("body {{ background: url({address}) }}"),
            _ => format!("![A picture]({address})"),
        };
        settings::set(&site.command_line(), setting, value).await.unwrap();
        let days = async |days: u32| {
            let mut swept = 0;
            for _ in 0..days {
                site.state.clock.advance(Duration::days(1));
                swept += inline_images::sweep(&site.job()).await.unwrap();
            }
            swept
        };
        assert_eq!(days(60).await, 0, "{setting:?}");
        accounts::administration::delete(&site.command_line(), "ada")
            .await
            .unwrap();
        let kept = image_row::Entity::find()
            .count(site.state.db.reader())
            .await
            .unwrap();
        assert_eq!(kept, 1, "{setting:?}");
        settings::set(&site.command_line(), setting, String::new())
            .await
            .unwrap();
        assert_eq!(days(60).await, 1, "{setting:?}");
    }
}
