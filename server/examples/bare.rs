//! A server that does as little as possible, for comparison: `bare ADDRESS:PORT DATABASE PAGE`.
//!
//! `/fixed` sends the file PAGE. `/rows` reads the ten newest posts from the SQLite file DATABASE and writes them,
//! without escaping, into a page of about the same size.

use std::{env, error::Error, fmt::Write, fs};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse,
    routing::get,
};
use sea_orm::sqlx::{
    self, Row, SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use tokio::net::TcpListener;

const ROWS: &str = "SELECT posts.id, posts.slug, posts.title, posts.excerpt, users.username FROM posts \
                    JOIN users ON users.id = posts.author_id WHERE posts.visibility = 'public' AND posts.state = 'published' \
                    ORDER BY posts.created_at DESC, posts.id DESC LIMIT 10";
const HTML: (axum::http::HeaderName, &str) = (CONTENT_TYPE, "text/html; charset=utf-8");

#[derive(Clone)]
struct Bare {
    page: Bytes,
    pool: SqlitePool,
}

async fn rows(State(bare): State<Bare>) -> Result<impl IntoResponse, StatusCode> {
    let page = written(&bare).await;
    let page = page.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(([HTML], page))
}

async fn written(bare: &Bare) -> Result<String, Box<dyn Error>> {
    let mut page = String::with_capacity(bare.page.len());
    page.push_str("<!DOCTYPE html><html><body>");
    for row in sqlx::query(ROWS).fetch_all(&bare.pool).await? {
        let (id, slug): (i64, &str) = (row.get(0), row.get(1));
        let (title, excerpt, author): (&str, &str, &str) = (row.get(2), row.get(3), row.get(4));
        write!(
            page,
            "<article><h2><a href=\"/post/{id}-{slug}\">{title}</a></h2>"
        )?;
        write!(page, "<p>{author}</p><p>{excerpt}</p></article>")?;
    }
    let missing = bare.page.len().saturating_sub(page.len());
    page.extend(std::iter::repeat_n(' ', missing));
    Ok(page)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().collect();
    let [_, address, database, page] = &arguments[..] else {
        return Err("bare ADDRESS:PORT DATABASE PAGE".into());
    };
    let options = SqliteConnectOptions::new().filename(database).read_only(true);
    let pool = SqlitePoolOptions::new().max_connections(8).connect_with(options);
    let bare = Bare {
        page: fs::read(page)?.into(),
        pool: pool.await?,
    };
    let router = Router::new()
        .route(
            "/fixed",
            get(async |State(bare): State<Bare>| ([HTML], bare.page)),
        )
        .route("/rows", get(rows))
        .with_state(bare);
    let listener = TcpListener::bind(address).await?;
    axum::serve(listener, router).await?;
    Ok(())
}
