//! Sending a file by `XMLHttpRequest`, because `fetch` does not report upload progress.

use leptos::{
    server_fn::{Bytes, error::FromServerFnError},
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
};
use web_sys::{File, FormData, ProgressEvent, XmlHttpRequest};

use shared::error::AppError;

/// A request in flight, which is aborted on drop.
pub struct Transfer {
    request: XmlHttpRequest,
    _on_progress: Closure<dyn FnMut(ProgressEvent)>,
    _on_end: Closure<dyn FnMut()>,
}

impl Transfer {
    /// Posts `file` to `path`. `on_progress` is called with the percentage that has been sent, and `on_end` with the
    /// response body or the error, unless the request is aborted. The functions are boxed, so that this one is compiled
    /// only once.
    pub fn start(
        path: &str,
        name: &str,
        file: &File,
        on_progress: Box<dyn Fn(f64)>,
        on_end: Box<dyn Fn(Result<String, AppError>)>,
    ) -> Option<Self> {
        let prepared = || -> Result<(XmlHttpRequest, FormData), JsValue> {
            let form = FormData::new()?;
            form.append_with_blob_and_filename(name, file, &file.name())?;
            let request = XmlHttpRequest::new()?;
            request.open("POST", path)?;
            request.set_request_header("Accept", "application/json")?;
            Ok((request, form))
        };
        let (request, form) = prepared().ok()?;

        let on_progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
            if event.length_computable() && event.total() > 0.0 {
                on_progress(event.loaded() / event.total() * 100.0);
            }
        });
        let answered = request.clone();
        let on_end = Closure::<dyn FnMut()>::new(move || on_end(answer(&answered)));
        if let Ok(upload) = request.upload() {
            upload.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
        }
        request.set_onload(Some(on_end.as_ref().unchecked_ref()));
        request.set_onerror(Some(on_end.as_ref().unchecked_ref()));
        request.send_with_opt_form_data(Some(&form)).ok()?;
        Some(Self {
            request,
            _on_progress: on_progress,
            _on_end: on_end,
        })
    }
}

impl Drop for Transfer {
    fn drop(&mut self) {
        self.request.set_onload(None);
        self.request.set_onerror(None);
        if let Ok(upload) = self.request.upload() {
            upload.set_onprogress(None);
        }
        // Aborting a completed request has no effect.
        let _ = self.request.abort();
    }
}

/// Returns the body of a successful response, or the error.
fn answer(request: &XmlHttpRequest) -> Result<String, AppError> {
    let body = || request.response_text().ok().flatten().unwrap_or_default();
    match request.status() {
        Ok(200..=299) => Ok(body()),
        Ok(400..) => Err(AppError::de(Bytes::from(body()))),
        _ => Err(AppError::Unreachable),
    }
}
