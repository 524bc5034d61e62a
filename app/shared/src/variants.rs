//! The macro for enums whose names and texts are declared together with their variants.

/// Declares an enum without data in its variants, a constant `ALL` with all variants, and functions that return a value
/// for each variant.
///
/// ```
/// shared::variants! {
///     /// A size of paper.
///     #[derive(Debug, Clone, Copy, PartialEq, Eq)]
///     pub enum Paper {
///         /// A letter.
///         A4 { name: "a4", width: 210 },
///         /// A booklet.
///         A5 { name: "a5", width: 148 },
///     }
///
///     /// Returns the name.
///     pub const fn name(self) -> &'static str;
///     /// Returns the width in millimetres.
///     pub const fn width(self) -> u32;
/// }
///
/// assert_eq!(Paper::ALL.map(Paper::name), ["a4", "a5"]);
/// assert_eq!(Paper::A5.width(), 148);
/// ```
#[macro_export]
macro_rules! variants {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$variant_attribute:meta])* $variant:ident,)+
        }
    ) => {
        $(#[$attribute])*
        $visibility enum $name {
            $($(#[$variant_attribute])* $variant,)+
        }

        impl $name {
            /// All variants, in the order of their declaration.
            $visibility const ALL: [Self; [$(Self::$variant),+].len()] = [$(Self::$variant),+];
        }
    };
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$variant_attribute:meta])* $variant:ident { $($property:ident: $value:expr),+ $(,)? },)+
        }

        $($(#[doc = $doc:literal])+ $function_visibility:vis const fn $function:ident(self) -> $type:ty;)+
    ) => {
        $crate::variants! {
            $(#[$attribute])*
            $visibility enum $name {
                $($(#[$variant_attribute])* $variant,)+
            }
        }

        const _: () = {
            struct Properties {
                $($function: $type,)+
            }

            impl $name {
                #[inline]
                const fn properties(self) -> Properties {
                    match self {
                        $(Self::$variant => Properties { $($property: $value),+ },)+
                    }
                }

                $(
                    $(#[doc = $doc])+
                    #[must_use]
                    $function_visibility const fn $function(self) -> $type {
                        self.properties().$function
                    }
                )+
            }
        };
    };
}
