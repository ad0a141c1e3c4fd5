//! Values of Rust types, from JSON and to JSON.

use super::json::{quoted, Json};
use super::Problem;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::Hash;
use std::rc::Rc;

/// What can be read from JSON: values, and references to some that live as long as the call.
pub trait Read: Sized {
    fn read(json: &Json) -> Result<Self, Problem>;
}

pub trait Write {
    /// Writes the value; a list that is a key is written as a tuple.
    fn write(&self, out: &mut String, key: bool) -> Result<(), Problem>;
}

type Writer = Box<dyn Fn(&mut String) -> Result<(), Problem>>;

/// What references point to, until the call is over.
#[derive(Default)]
struct Kept {
    writers: Vec<Writer>,
    owners: Vec<Box<dyn FnOnce()>>,
}

thread_local! {
    static KEPT: RefCell<Kept> = RefCell::default();
}

fn keep<T: Read + Write + 'static>(json: &Json) -> Result<*mut T, Problem> {
    let value = Box::into_raw(Box::new(T::read(json)?));
    KEPT.with(|kept| {
        let mut kept = kept.borrow_mut();
        kept.owners.push(Box::new(move || drop(unsafe { Box::from_raw(value) })));
        kept.writers.push(Box::new(move |out| unsafe { (*value).write(out, false) }));
    });
    Ok(value)
}

/// Lets go of what references pointed to.
pub fn forget() {
    let kept = KEPT.with(|kept| kept.take());
    kept.owners.into_iter().for_each(|free| free());
}

/// Reads an argument, and tells whether it is a reference to what `write_kept` can write.
pub fn take<T: Read>(json: &Json, kept: &mut Vec<Option<usize>>) -> Result<T, Problem> {
    let count = || KEPT.with(|kept| kept.borrow().writers.len());
    let before = count();
    let value = T::read(json)?;
    let after = count();
    kept.push(if after > before { Some(after - 1) } else { None });
    Ok(value)
}

/// Writes an argument as the call left it.
pub fn write_kept(place: Option<usize>, out: &mut String) -> Result<(), Problem> {
    let place = place.ok_or(Problem::NotData("the argument was given away"))?;
    KEPT.with(|kept| (kept.borrow().writers[place])(out))
}

impl<T: Read + Write + 'static> Read for &'static T {
    fn read(json: &Json) -> Result<Self, Problem> {
        Ok(unsafe { &*keep::<T>(json)? })
    }
}
impl<T: Read + Write + 'static> Read for &'static mut T {
    fn read(json: &Json) -> Result<Self, Problem> {
        Ok(unsafe { &mut *keep::<T>(json)? })
    }
}
impl<T: Read + Write + 'static> Read for &'static [T] {
    fn read(json: &Json) -> Result<Self, Problem> {
        Ok(unsafe { &*keep::<Vec<T>>(json)? })
    }
}
impl<T: Read + Write + 'static> Read for &'static mut [T] {
    fn read(json: &Json) -> Result<Self, Problem> {
        Ok(unsafe { &mut *keep::<Vec<T>>(json)? })
    }
}
impl Read for &'static str {
    fn read(json: &Json) -> Result<Self, Problem> {
        Ok(unsafe { &*keep::<String>(json)? })
    }
}

fn wrong<T>() -> Result<T, Problem> {
    Err(Problem::Raised("TypeError", "an argument has another type".to_string()))
}

macro_rules! integers {
    ($($name:ty),*) => {$(
        impl Read for $name {
            fn read(json: &Json) -> Result<Self, Problem> {
                let too_large = || Problem::Raised("OverflowError", "an argument is too large".to_string());
                match json {
                    Json::Hex(_) => Err(too_large()),
                    Json::Word(word) if word.parse::<f64>().is_ok() => word.parse().map_err(|_| too_large()),
                    _ => wrong(),
                }
            }
        }
        impl Write for $name {
            fn write(&self, out: &mut String, _: bool) -> Result<(), Problem> {
                out.push_str(&self.to_string());
                Ok(())
            }
        }
    )*};
}
integers!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize);

macro_rules! floats {
    ($($name:ty),*) => {$(
        impl Read for $name {
            fn read(json: &Json) -> Result<Self, Problem> {
                json.word().parse().or_else(|_| wrong())
            }
        }
        impl Write for $name {
            fn write(&self, out: &mut String, _: bool) -> Result<(), Problem> {
                out.push_str(&format!("{:?}", self).replace("inf", "Infinity"));
                Ok(())
            }
        }
    )*};
}
floats!(f32, f64);

impl Read for bool {
    fn read(json: &Json) -> Result<Self, Problem> {
        json.word().parse().or_else(|_| wrong())
    }
}
impl Write for bool {
    fn write(&self, out: &mut String, _: bool) -> Result<(), Problem> {
        out.push_str(if *self { "true" } else { "false" });
        Ok(())
    }
}
impl Write for () {
    fn write(&self, out: &mut String, _: bool) -> Result<(), Problem> {
        out.push_str("null");
        Ok(())
    }
}

impl Read for String {
    fn read(json: &Json) -> Result<Self, Problem> {
        match json {
            Json::Text(text) => Ok(text.clone()),
            _ => wrong(),
        }
    }
}
impl Read for char {
    fn read(json: &Json) -> Result<Self, Problem> {
        let text = String::read(json)?;
        let mut letters = text.chars();
        match (letters.next(), letters.next()) {
            (Some(letter), None) => Ok(letter),
            _ => wrong(),
        }
    }
}
impl Write for str {
    fn write(&self, out: &mut String, _: bool) -> Result<(), Problem> {
        out.push_str(&quoted(self));
        Ok(())
    }
}
impl Write for String {
    fn write(&self, out: &mut String, key: bool) -> Result<(), Problem> {
        self.as_str().write(out, key)
    }
}
impl Write for char {
    fn write(&self, out: &mut String, key: bool) -> Result<(), Problem> {
        self.to_string().write(out, key)
    }
}

impl<T: Write + ?Sized> Write for &T {
    fn write(&self, out: &mut String, key: bool) -> Result<(), Problem> {
        (**self).write(out, key)
    }
}
impl<T: Write + ?Sized> Write for &mut T {
    fn write(&self, out: &mut String, key: bool) -> Result<(), Problem> {
        (**self).write(out, key)
    }
}
impl<T: Write + ?Sized> Write for Box<T> {
    fn write(&self, out: &mut String, key: bool) -> Result<(), Problem> {
        (**self).write(out, key)
    }
}
impl<T: Write + ?Sized> Write for Rc<T> {
    fn write(&self, out: &mut String, key: bool) -> Result<(), Problem> {
        (**self).write(out, key)
    }
}
impl<T: Write + ToOwned + ?Sized> Write for Cow<'_, T> {
    fn write(&self, out: &mut String, key: bool) -> Result<(), Problem> {
        (**self).write(out, key)
    }
}
impl<T: Read> Read for Box<T> {
    fn read(json: &Json) -> Result<Self, Problem> {
        T::read(json).map(Box::new)
    }
}

impl<T: Read> Read for Option<T> {
    fn read(json: &Json) -> Result<Self, Problem> {
        if json.word() == "null" {
            return Ok(None);
        }
        T::read(json).map(Some)
    }
}
impl<T: Write> Write for Option<T> {
    fn write(&self, out: &mut String, key: bool) -> Result<(), Problem> {
        match self {
            Some(value) => value.write(out, key),
            None => ().write(out, key),
        }
    }
}
impl<T: Write, E> Write for Result<T, E> {
    fn write(&self, out: &mut String, key: bool) -> Result<(), Problem> {
        match self {
            Ok(value) => value.write(out, key),
            Err(_) => Err(Problem::Raised("RuntimeError", "an error in place of a value".to_string())),
        }
    }
}

fn write_all<T: Write>(items: impl Iterator<Item = T>, tag: &str, key: bool, out: &mut String) -> Result<(), Problem> {
    if !tag.is_empty() {
        out.push_str(&format!("{{\"{}\":", tag));
    }
    out.push('[');
    for (place, item) in items.enumerate() {
        if place > 0 {
            out.push(',');
        }
        item.write(out, key)?;
    }
    out.push(']');
    if !tag.is_empty() {
        out.push('}');
    }
    Ok(())
}

impl<T: Write> Write for [T] {
    fn write(&self, out: &mut String, key: bool) -> Result<(), Problem> {
        write_all(self.iter(), if key { "t" } else { "" }, key, out)
    }
}
impl<T: Write, const N: usize> Write for [T; N] {
    fn write(&self, out: &mut String, key: bool) -> Result<(), Problem> {
        self[..].write(out, key)
    }
}
impl<T: Read, const N: usize> Read for [T; N] {
    fn read(json: &Json) -> Result<Self, Problem> {
        Vec::<T>::read(json)?.try_into().or_else(|_| wrong())
    }
}

fn read_list<T: Read, C: FromIterator<T>>(json: &Json) -> Result<C, Problem> {
    match json {
        Json::List(items) => items.iter().map(T::read).collect(),
        _ => wrong(),
    }
}

macro_rules! collections {
    ($($name:ident [$($bound:ident)*] $tag:expr, $tag_in_key:expr;)*) => {$(
        impl<T: Read $(+ $bound)*> Read for $name<T> {
            fn read(json: &Json) -> Result<Self, Problem> {
                read_list(json)
            }
        }
        impl<T: Write> Write for $name<T> {
            fn write(&self, out: &mut String, key: bool) -> Result<(), Problem> {
                write_all(self.iter(), if key { $tag_in_key } else { $tag }, key || !$tag.is_empty(), out)
            }
        }
    )*};
}
collections! {
    Vec [] "", "t";
    VecDeque [] "", "t";
    HashSet [Eq Hash] "s", "f";
    BTreeSet [Ord] "s", "f";
}

macro_rules! maps {
    ($($name:ident [$($bound:ident)*];)*) => {$(
        impl<K: Read $(+ $bound)*, V: Read> Read for $name<K, V> {
            fn read(json: &Json) -> Result<Self, Problem> {
                match json {
                    Json::Dict(items) => items.chunks(2).map(|pair| Ok((K::read(&pair[0])?, V::read(&pair[1])?))).collect(),
                    _ => wrong(),
                }
            }
        }
        impl<K: Write, V: Write> Write for $name<K, V> {
            fn write(&self, out: &mut String, key: bool) -> Result<(), Problem> {
                if key {
                    return Err(Problem::NotData("a map is no key"));
                }
                out.push_str("{\"d\":[");
                for (place, (name, value)) in self.iter().enumerate() {
                    out.push_str(if place > 0 { ",[" } else { "[" });
                    name.write(out, true)?;
                    out.push(',');
                    value.write(out, false)?;
                    out.push(']');
                }
                out.push_str("]}");
                Ok(())
            }
        }
    )*};
}
maps! {
    HashMap [Eq Hash];
    BTreeMap [Ord];
}

macro_rules! tuples {
    ($($count:expr; $($name:ident $place:tt),*;)*) => {$(
        impl<$($name: Read),*> Read for ($($name,)*) {
            fn read(json: &Json) -> Result<Self, Problem> {
                match json {
                    Json::List(items) if items.len() == $count => Ok(($($name::read(&items[$place])?,)*)),
                    _ => wrong(),
                }
            }
        }
        impl<$($name: Write),*> Write for ($($name,)*) {
            fn write(&self, out: &mut String, key: bool) -> Result<(), Problem> {
                let items: [&dyn Write; $count] = [$(&self.$place),*];
                write_all(items.into_iter(), "t", key, out)
            }
        }
    )*};
}
tuples! {
    1; A 0;
    2; A 0, B 1;
    3; A 0, B 1, C 2;
    4; A 0, B 1, C 2, D 3;
    5; A 0, B 1, C 2, D 3, E 4;
    6; A 0, B 1, C 2, D 3, E 4, F 5;
    7; A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    8; A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
}
