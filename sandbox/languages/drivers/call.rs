//! Calls of a function in Rust: requests come in on descriptor 3, answers go out on descriptor 4
//! (sandbox/inside/calls.py). What the function takes and gives is read off its type.

#[path = "call_json.rs"]
mod json;
#[path = "call_values.rs"]
mod values;

use json::Json;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::unix::io::FromRawFd;
use std::panic::{catch_unwind, AssertUnwindSafe};
use values::{forget, take, write_kept, Read, Write};

/// An exception, by the name that Python has for it; or why a value cannot be given back.
pub enum Problem {
    Raised(&'static str, String),
    NotData(&'static str),
}

/// A function whose arguments can be read, and whose value can be written. `Form` tells the numbers of parameters apart.
pub trait Called<Form> {
    fn answer(&self, given: &[Json], read_back: Option<usize>, out: &mut String) -> Result<(), Problem>;
}

macro_rules! called {
    ($count:expr; $($name:ident $place:expr),*) => {
        impl<F, R: Write, $($name: Read),*> Called<($($name,)*)> for F
        where
            F: Fn($($name),*) -> R,
        {
            #[allow(unused_variables)]
            fn answer(&self, given: &[Json], read_back: Option<usize>, out: &mut String) -> Result<(), Problem> {
                if given.len() != $count {
                    return Err(Problem::Raised("TypeError", "takes another number of arguments".to_string()));
                }
                let mut kept = Vec::new();
                let value = self($(take::<$name>(&given[$place], &mut kept)?),*);
                match read_back {
                    None => value.write(out, false),
                    Some(place) => write_kept(kept[place], out),
                }
            }
        }
    };
}
called!(0;);
called!(1; A 0);
called!(2; A 0, B 1);
called!(3; A 0, B 1, C 2);
called!(4; A 0, B 1, C 2, D 3);
called!(5; A 0, B 1, C 2, D 3, E 4);
called!(6; A 0, B 1, C 2, D 3, E 4, G 5);
called!(7; A 0, B 1, C 2, D 3, E 4, G 5, H 6);
called!(8; A 0, B 1, C 2, D 3, E 4, G 5, H 6, I 7);

/// Answers calls of a function until the judge closes the channel.
pub fn serve<Form, F: Called<Form>>(function: F) {
    let (mut input, mut output) = unsafe { (File::from_raw_fd(3), File::from_raw_fd(4)) };
    std::panic::set_hook(Box::new(|_| {}));
    send(&mut output, "[0,[\"ready\"]]");
    loop {
        let mut head = [0; 4];
        if input.read_exact(&mut head).is_err() {
            std::process::exit(0);
        }
        let mut body = vec![0; u32::from_be_bytes(head) as usize];
        if input.read_exact(&mut body).is_err() {
            std::process::exit(0);
        }
        let message = json::parse(&body);
        let (number, request) = (message.item(0), message.item(1));
        let said = answered(&function, request);
        forget();
        send(&mut output, &format!("[{},{}]", number.word(), said));
    }
}

fn send(output: &mut File, body: &str) {
    let mut frame = (body.len() as u32).to_be_bytes().to_vec();
    frame.extend_from_slice(body.as_bytes());
    if output.write_all(&frame).is_err() {
        std::process::exit(1);
    }
}

fn answered<Form, F: Called<Form>>(function: &F, request: &Json) -> String {
    let read_back = request.item(3).word().parse().ok();
    let mut out = String::from("[\"value\",");
    match catch_unwind(AssertUnwindSafe(|| function.answer(request.item(1).items(), read_back, &mut out))) {
        Ok(Ok(())) => out + "]",
        Ok(Err(Problem::Raised(kind, text))) => raised(kind, &text),
        Ok(Err(Problem::NotData(why))) => format!("[\"not data\",{},true]", json::quoted(why)),
        Err(panic) => {
            let text = match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
                (Some(text), _) => text,
                (_, Some(text)) => text.as_str(),
                _ => "",
            };
            let kinds = [
                ("out of bounds", "IndexError"),
                ("out of range", "IndexError"),
                ("by zero", "ZeroDivisionError"),
                ("overflow", "OverflowError"),
            ];
            let kind = kinds.iter().find(|(words, _)| text.contains(words)).map_or("RuntimeError", |(_, kind)| kind);
            raised(kind, text)
        }
    }
}

fn raised(kind: &str, text: &str) -> String {
    let short: String = text.chars().take(1000).collect();
    format!("[\"raised\",{},{}]", json::quoted(kind), json::quoted(&short))
}
