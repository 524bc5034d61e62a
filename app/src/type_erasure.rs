//! Type-erased views, so that generic code that contains them is compiled only once.
//!
//! leptos' own erasure (`into_any`) includes two ways to hydrate a view: synchronous, and asynchronous for lazy
//! routes. Here everything is loaded before hydration (`pages::chunk`), but the compiler cannot know that, and the
//! second way would only enlarge the client.

use std::{future::pending, sync::Arc};

use leptos::{
    attr::{Attribute, any_attribute::AnyAttribute},
    children::{ChildrenOptContainer, ToChildren},
    prelude::*,
    tachys::{
        hydration::Cursor,
        ssr::StreamBuilder,
        view::{Position, PositionState, Render},
    },
};

/// Erases the type of a view.
pub trait Erase {
    /// Returns the view with its type erased.
    fn erased(self) -> AnyView;
}

impl<V: RenderHtml + 'static> Erase for V {
    fn erased(self) -> AnyView {
        EagerView(self).into_any()
    }
}

/// The children of a component.
pub struct ErasedChildren(Box<dyn FnOnce() -> AnyView + Send>);

impl ErasedChildren {
    /// Returns the children as a view.
    #[must_use]
    pub fn view(self) -> AnyView {
        (self.0)()
    }
}

impl<F, V> ToChildren<F> for ErasedChildren
where
    F: FnOnce() -> V + Send + 'static,
    V: RenderHtml + 'static,
{
    fn to_children(contents: F) -> Self {
        Self(Box::new(move || contents().erased()))
    }
}

impl<V: RenderHtml + 'static> ToChildren<ChildrenOptContainer<V>> for ErasedChildren {
    fn to_children(contents: ChildrenOptContainer<V>) -> Self {
        Self(Box::new(move || contents.0.erased()))
    }
}

/// The children of a component that may render them several times.
#[derive(Clone)]
pub struct RepeatedChildren(Arc<dyn Fn() -> AnyView + Send + Sync>);

impl RepeatedChildren {
    /// Returns the children as a view.
    #[must_use]
    pub fn view(&self) -> AnyView {
        (self.0)()
    }
}

impl<F, V> ToChildren<F> for RepeatedChildren
where
    F: Fn() -> V + Send + Sync + 'static,
    V: RenderHtml + 'static,
{
    fn to_children(contents: F) -> Self {
        Self(Arc::new(move || contents().erased()))
    }
}

/// A view that only supports synchronous hydration.
struct EagerView<V>(V);

impl<V: Render> Render for EagerView<V> {
    type State = V::State;

    fn build(self) -> Self::State {
        self.0.build()
    }

    fn rebuild(self, state: &mut Self::State) {
        self.0.rebuild(state);
    }
}

impl<V: RenderHtml> AddAnyAttr for EagerView<V> {
    type Output<New: Attribute> = EagerView<V::Output<New>>;

    fn add_any_attr<New: Attribute>(self, attribute: New) -> Self::Output<New>
    where
        Self::Output<New>: RenderHtml,
    {
        EagerView(self.0.add_any_attr(attribute))
    }
}

impl<V: RenderHtml> RenderHtml for EagerView<V> {
    type AsyncOutput = V::AsyncOutput;
    type Owned = EagerView<V::Owned>;

    const MIN_LENGTH: usize = V::MIN_LENGTH;
    const EXISTS: bool = V::EXISTS;

    fn dry_resolve(&mut self) {
        self.0.dry_resolve();
    }

    fn resolve(self) -> impl Future<Output = Self::AsyncOutput> + Send {
        self.0.resolve()
    }

    fn html_len(&self) -> usize {
        self.0.html_len()
    }

    fn to_html_with_buf(
        self,
        buffer: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        attributes: Vec<AnyAttribute>,
    ) {
        self.0
            .to_html_with_buf(buffer, position, escape, mark_branches, attributes);
    }

    fn to_html_async_with_buf<const OUT_OF_ORDER: bool>(
        self,
        buffer: &mut StreamBuilder,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        attributes: Vec<AnyAttribute>,
    ) {
        self.0
            .to_html_async_with_buf::<OUT_OF_ORDER>(buffer, position, escape, mark_branches, attributes);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        self.0.hydrate::<FROM_SERVER>(cursor, position)
    }

    fn hydrate_async(self, _: &Cursor, _: &PositionState) -> impl Future<Output = Self::State> {
        // Only `hydrate_lazy` would call this, which is not used here.
        debug_assert!(false, "a view of this site is hydrated at once");
        pending()
    }

    fn into_owned(self) -> Self::Owned {
        EagerView(self.0.into_owned())
    }
}
