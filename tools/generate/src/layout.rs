//! Sizes and offsets of the structs of `cors-ffi`, by the rules of C, for machines of any word.

use std::collections::BTreeMap;

use syn::{Expr, Item, Lit, Type};

use crate::{Result, read};

/// The types of `cors-ffi/src/types.rs`.
pub(crate) struct Types {
    pub(crate) structs: Vec<Struct>,
    /// Names of types for numbers, in their order.
    pub(crate) aliases: Vec<(String, Type)>,
    /// Limits, by their names.
    pub(crate) limits: BTreeMap<String, usize>,
}

pub(crate) struct Struct {
    pub(crate) name: String,
    pub(crate) members: Vec<(String, Type)>,
}

/// The bytes of a type, and the divisor of its addresses.
#[derive(Clone, Copy)]
pub(crate) struct Room {
    pub(crate) size: usize,
    align: usize,
}

impl Types {
    pub(crate) fn read() -> Result<Types> {
        let mut types = Types { structs: Vec::new(), aliases: Vec::new(), limits: BTreeMap::new() };
        for item in syn::parse_file(&read("cors-ffi/src/types.rs")?)?.items {
            match item {
                Item::Struct(item) => {
                    let members = item.fields.into_iter();
                    let members =
                        members.filter_map(|field| Some((field.ident?.to_string(), field.ty))).collect();
                    types.structs.push(Struct { name: item.ident.to_string(), members });
                }
                Item::Type(item) => types.aliases.push((item.ident.to_string(), *item.ty)),
                Item::Const(item) => {
                    if let Some(number) = literal(&item.expr) {
                        types.limits.insert(item.ident.to_string(), number);
                    }
                }
                _ => {}
            }
        }
        Ok(types)
    }

    pub(crate) fn find(&self, name: &str) -> Result<&Struct> {
        let found = self.structs.iter().find(|each| each.name == name);
        Ok(found.ok_or_else(|| format!("cors-ffi/src/types.rs has no struct {name}"))?)
    }

    pub(crate) fn limit(&self, name: &str) -> Result<usize> {
        let found = self.limits.get(name).copied();
        Ok(found.ok_or_else(|| format!("cors-ffi/src/types.rs has no number {name}"))?)
    }

    /// Returns a struct's offsets, and its size.
    pub(crate) fn offsets<'s>(&self, of: &'s Struct, word: usize) -> Result<(Vec<(&'s str, usize)>, Room)> {
        let (mut offsets, mut whole) = (Vec::new(), Room { size: 0, align: 1 });
        for (name, ty) in &of.members {
            let room = self.room(ty, word)?;
            let offset = whole.size.next_multiple_of(room.align);
            offsets.push((name.as_str(), offset));
            whole = Room { size: offset + room.size, align: whole.align.max(room.align) };
        }
        Ok((offsets, Room { size: whole.size.next_multiple_of(whole.align), ..whole }))
    }

    /// Returns the room of a type where a pointer has `word` bytes.
    pub(crate) fn room(&self, ty: &Type, word: usize) -> Result<Room> {
        let scalar = |size| Ok(Room { size, align: size });
        let name = match ty {
            Type::Ptr(_) => return scalar(word),
            Type::Array(array) => {
                let len = match &array.len {
                    Expr::Path(path) => self.limit(&last(&path.path))?,
                    other => literal(other).ok_or("an array's length is a number or a limit")?,
                };
                let room = self.room(&array.elem, word)?;
                return Ok(Room { size: room.size * len, ..room });
            }
            Type::Path(path) => last(&path.path),
            _ => return Err("a member's type is a pointer, an array or a name".into()),
        };
        match name.as_str() {
            "u8" | "c_char" => scalar(1),
            "u16" => scalar(2),
            "u32" | "i32" => scalar(4),
            "u64" | "i64" => scalar(8),
            // A pointer to a function, or NULL.
            "usize" | "Option" => scalar(word),
            _ => match self.aliases.iter().find(|(alias, _)| *alias == name) {
                Some((_, ty)) => self.room(ty, word),
                None => Ok(self.offsets(self.find(&name)?, word)?.1),
            },
        }
    }
}

/// Returns the last name of a path.
pub(crate) fn last(path: &syn::Path) -> String {
    path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
}

fn literal(expression: &Expr) -> Option<usize> {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse().ok(),
            _ => None,
        },
        _ => None,
    }
}
