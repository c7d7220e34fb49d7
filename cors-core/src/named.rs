//! [`named!`]: an enum, its names and its sentences in one table.

/// Declares an enum by a table: a row for each variant, a column for each text that belongs to a variant.
///
/// ```
/// cors_core::named! {
///     /// A traffic light.
///     pub enum Light: u8 {
///         /// Stop.
///         Red = 1, "red", "stop before the line";
///         /// Go.
///         Green = 2, "green", "go on";
///     }
///     /// Returns the name in lower case.
///     fn name;
///     /// Returns what to do.
///     fn message, Display;
/// }
///
/// assert_eq!(Light::ALL, [Light::Red, Light::Green]);
/// assert_eq!(Light::from_name("green"), Some(Light::Green));
/// assert_eq!(Light::from_number(1), Some(Light::Red));
/// assert_eq!(Light::Red.to_string(), "stop before the line");
/// ```
///
/// The enum gets `ALL`, which has every row, and a function for each column. A column `name` also gives `from_name`, and
/// `fn name = variant;` takes the variants' own names instead of a cell. `: u8` after the enum's name gives each row
/// a stable number, `number` and `from_number`. `Display` after a column writes that column.
///
/// A row that lacks a cell, or has one more than there are columns, does not compile.
#[doc(hidden)]
#[macro_export]
macro_rules! named {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $Enum:ident $(: $Number:ident)? {
            $( $(#[doc = $documentation:literal])* $Variant:ident $(= $number:literal)? $(, $cell:expr)*; )+
        }
        $( $(#[$column_attribute:meta])* fn $column:ident $(= $source:ident)? $(, $Display:ident)?; )+
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $( #[repr($Number)] )?
        $visibility enum $Enum {
            $( $(#[doc = $documentation])* $Variant $(= $number)?, )+
        }

        #[allow(dead_code, reason = "not every enum needs all of its functions")]
        impl $Enum {
            /// Every variant, in the order of their declaration.
            $visibility const ALL: [$Enum; [$(stringify!($Variant)),+].len()] = [$($Enum::$Variant),+];

            /// Returns the variant's documentation, for what `make generate` writes.
            #[doc(hidden)]
            $visibility const fn documentation(self) -> &'static str {
                match self {
                    $( $Enum::$Variant => concat!($($documentation, "\n"),*), )+
                }
            }

            $(
                /// Returns the variant's number, which is stable.
                $visibility const fn number(self) -> $Number {
                    self as $Number
                }

                /// Returns the variant that has this number.
                $visibility fn from_number(number: $Number) -> Option<$Enum> {
                    $Enum::ALL.into_iter().find(|each| each.number() == number)
                }
            )?
        }

        $crate::named! {
            @columns $Enum ($visibility)
            [$( { ($(#[$column_attribute])*) $column $(= $source)? $(, $Display)? } )+]
            $( $Variant [$($cell),*] )+
        }
    };

    // Takes one column after the other off the list, and its cell off each row.
    (@columns $Enum:ident $visibility:tt [] $( $Variant:ident [] )+) => {};
    (
        @columns $Enum:ident $visibility:tt
        [{ $attributes:tt $column:ident = variant $($display:tt)* } $($columns:tt)*]
        $( $Variant:ident $cells:tt )+
    ) => {
        $crate::named! { @column $Enum $visibility $attributes $column $( $Variant (stringify!($Variant)) )+ }
        $crate::named! { @display $Enum $column $($display)* }
        $crate::named! { @columns $Enum $visibility [$($columns)*] $( $Variant $cells )+ }
    };
    (
        @columns $Enum:ident $visibility:tt
        [{ $attributes:tt $column:ident $($display:tt)* } $($columns:tt)*]
        $( $Variant:ident [$cell:expr $(, $cells:expr)*] )+
    ) => {
        $crate::named! { @column $Enum $visibility $attributes $column $( $Variant ($cell) )+ }
        $crate::named! { @display $Enum $column $($display)* }
        $crate::named! { @columns $Enum $visibility [$($columns)*] $( $Variant [$($cells),*] )+ }
    };

    (
        @column $Enum:ident ($visibility:vis) ($(#[$attribute:meta])*) $column:ident
        $( $Variant:ident ($cell:expr) )+
    ) => {
        #[allow(dead_code, reason = "not every enum needs all of its functions")]
        impl $Enum {
            $(#[$attribute])*
            $visibility const fn $column(self) -> &'static str {
                match self {
                    $( $Enum::$Variant => $cell, )+
                }
            }
        }
        $crate::named! { @inverse $Enum ($visibility) $column }
    };

    (@inverse $Enum:ident ($visibility:vis) name) => {
        #[allow(dead_code, reason = "not every enum needs all of its functions")]
        impl $Enum {
            /// Returns the variant that has this name.
            $visibility fn from_name(name: &str) -> Option<$Enum> {
                $Enum::ALL.into_iter().find(|each| each.name() == name)
            }
        }
    };
    (@inverse $Enum:ident $visibility:tt $column:ident) => {};

    (@display $Enum:ident $column:ident) => {};
    (@display $Enum:ident $column:ident, Display) => {
        impl ::core::fmt::Display for $Enum {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.$column())
            }
        }
    };
}
