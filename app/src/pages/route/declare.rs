//! The macro that declares the pages.

/// Declares the pages and the chunks of the client that contain them. The first page whose address matches is shown.
///
/// ```text
/// Page: ADDRESS => component, for Audience, cached by ["query parameter"];
/// ```
///
/// A page without `cached by` is not cached. The query parameters of a cached page are numbers.
macro_rules! pages {
    (
        $(
            $(#[doc = $chunk_doc:literal])+
            $chunk:ident in $module:ident {
                $(
                    $(#[doc = $doc:literal])+
                    $page:ident: $address:ident => $($component:ident)::+, for $audience:ident
                    $(, cached by [$($parameter:literal),*])?;
                )+
            }
        )+
        first {
            $(
                $(#[doc = $first_doc:literal])+
                $first:ident: $first_address:ident => $($first_component:ident)::+, for $first_audience:ident
                $(, cached by [$($first_parameter:literal),*])?;
            )+
        }
    ) => {
        /// A page of the site.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum PageRoute {
            $($($(#[doc = $doc])+ $page,)+)+
            $($(#[doc = $first_doc])+ $first,)+
        }

        impl PageRoute {
            /// All pages, in the order in which their addresses are compared.
            pub const ALL: &[Self] = &[$($(Self::$page,)+)+ $(Self::$first,)+];

            /// Returns the address, in which a segment that begins with `:` is a parameter.
            #[must_use]
            pub const fn address(self) -> &'static str {
                match self {
                    $($(Self::$page => paths::$address,)+)+
                    $(Self::$first => paths::$first_address,)+
                }
            }

            /// Returns the chunk of the page, or `None` if it is in the first, which contains the pages for reading.
            #[must_use]
            pub const fn chunk(self) -> Option<Chunk> {
                match self {
                    $($(Self::$page)|+ => Some(Chunk::$chunk),)+
                    $(Self::$first)|+ => None,
                }
            }

            /// Returns who may see the page.
            #[must_use]
            pub const fn audience(self) -> Audience {
                match self {
                    $($(Self::$page => Audience::$audience,)+)+
                    $(Self::$first => Audience::$first_audience,)+
                }
            }

            /// Returns the query parameters by which the page is cached, or `None` if it is not cached.
            #[must_use]
            pub const fn cached_by(self) -> Option<&'static [&'static str]> {
                match self {
                    $($($(Self::$page => Some(&[$($parameter),*]),)?)+)+
                    $($(Self::$first => Some(&[$($first_parameter),*]),)?)+
                    _ => None,
                }
            }
        }

        impl ChooseView for PageRoute {
            async fn choose(self) -> AnyView {
                match self {
                    $($(Self::$page)|+ => chunk::shown($module::view(self)).await,)+
                    $(Self::$first => view! { <$($first_component)::+ /> }.erased(),)+
                }
            }

            async fn preload(&self) {
                chunk::awaited(self.chunk()).await;
            }
        }

        /// A chunk of the client besides the first.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Chunk {
            $($(#[doc = $chunk_doc])+ $chunk,)+
        }

        impl Chunk {
            /// Returns the name of the chunk in the build.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$chunk => stringify!($module),)+
                }
            }

            /// Loads the chunk.
            ///
            /// # Errors
            ///
            /// Returns [`ChunkLoadError`] if it cannot be loaded.
            pub(super) async fn load(self) -> Result<(), ChunkLoadError> {
                match self {
                    $(Self::$chunk => $module::load().await?,)+
                }
                Ok(())
            }
        }

        $(
            $(#[doc = $chunk_doc])+
            mod $module {
                use leptos::{prelude::*, wasm_split::wasm_split};

                use super::{ChunkLoadError, Erase, PageRoute};

                /// Returns the view of `page`, which is in this chunk.
                #[wasm_split($module, fallible, wasm_split_path = leptos::wasm_split, preload(load))]
                pub(super) fn view(page: PageRoute) -> Result<AnyView, ChunkLoadError> {
                    match page {
                        $(PageRoute::$page => Ok(view! { <super::$($component)::+ /> }.erased()),)+
                        // A page of another chunk is loaded from the server.
                        _ => Err(ChunkLoadError),
                    }
                }
            }
        )+
    };
}

pub(super) use pages;
