//! JSON text with the tags of sandbox/inside/values.py.

/// A value; a tuple is a list here.
pub enum Json {
    /// `null`, `true`, `false`, or a number as it is written.
    Word(String),
    Text(String),
    List(Vec<Json>),
    Dict(Vec<Json>),
    Hex(String),
}

impl Json {
    /// The items of a list; keys and values of a dictionary, in turn.
    pub fn items(&self) -> &[Json] {
        match self {
            Json::List(items) | Json::Dict(items) => items,
            _ => &[],
        }
    }

    pub fn item(&self, place: usize) -> &Json {
        &self.items()[place]
    }

    pub fn word(&self) -> &str {
        match self {
            Json::Word(text) => text,
            _ => "",
        }
    }
}

/// Reads what the judge wrote, which is well formed, and holds no byte above 127.
pub fn parse(text: &[u8]) -> Json {
    Reader { text, place: 0 }.whole()
}

struct Reader<'a> {
    text: &'a [u8],
    place: usize,
}

impl Reader<'_> {
    fn here(&self) -> u8 {
        self.text.get(self.place).copied().unwrap_or(b',')
    }

    fn whole(&mut self) -> Json {
        match self.here() {
            b'[' => Json::List(self.sequence()),
            b'{' => self.tagged(),
            b'"' => Json::Text(self.string()),
            _ => {
                let start = self.place;
                while !b",]}".contains(&self.here()) {
                    self.place += 1;
                }
                Json::Word(String::from_utf8_lossy(&self.text[start..self.place]).into_owned())
            }
        }
    }

    fn sequence(&mut self) -> Vec<Json> {
        let mut items = Vec::new();
        self.place += 1;
        while self.here() != b']' {
            if self.here() == b',' {
                self.place += 1;
            }
            items.push(self.whole());
        }
        self.place += 1;
        items
    }

    fn tagged(&mut self) -> Json {
        self.place += 1;
        let tag = self.string();
        self.place += 1;
        let body = self.whole();
        self.place += 1;
        match (tag.as_str(), body) {
            ("i", Json::Text(digits)) => Json::Hex(digits),
            ("d", Json::List(pairs)) => Json::Dict(
                pairs.into_iter().flat_map(|pair| if let Json::List(both) = pair { both } else { Vec::new() }).collect(),
            ),
            (_, body) => body,
        }
    }

    fn string(&mut self) -> String {
        let mut units: Vec<u16> = Vec::new();
        self.place += 1;
        while self.here() != b'"' {
            let byte = self.here();
            self.place += 1;
            if byte != b'\\' {
                units.push(byte.into());
                continue;
            }
            let escape = self.here();
            self.place += 1;
            units.push(match escape {
                b'b' => 8,
                b'f' => 12,
                b'n' => 10,
                b'r' => 13,
                b't' => 9,
                b'u' => {
                    let digits = std::str::from_utf8(&self.text[self.place..self.place + 4]).unwrap_or("0");
                    self.place += 4;
                    u16::from_str_radix(digits, 16).unwrap_or(0)
                }
                other => other.into(),
            });
        }
        self.place += 1;
        String::from_utf16_lossy(&units) // no text in Rust holds half a surrogate pair
    }
}

pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte @ 32..=126) if byte != b'"' && byte != b'\\' => out.push(byte.into()),
            _ => out.push_str(&format!("\\u{:04x}", unit)),
        }
    }
    out.push('"');
    out
}
