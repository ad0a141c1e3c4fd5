// Part of call.hpp, in its namespace: JSON text with the tags of sandbox/inside/values.py, read and written.

struct Json {
    enum Kind { null, boolean, number, text_, list, dict, hex } kind = null;
    std::string text;  // a number as it is written; a text in UTF-8, half surrogate pairs included
    std::vector<Json> items;  // of a list; keys and values of a dict, in turn
};

inline void append_utf8(std::string& out, std::uint32_t code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | code >> 6);
        out += static_cast<char>(0x80 | (code & 63));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0 | code >> 12);
        out += static_cast<char>(0x80 | (code >> 6 & 63));
        out += static_cast<char>(0x80 | (code & 63));
    } else {
        out += static_cast<char>(0xF0 | code >> 18);
        out += static_cast<char>(0x80 | (code >> 12 & 63));
        out += static_cast<char>(0x80 | (code >> 6 & 63));
        out += static_cast<char>(0x80 | (code & 63));
    }
}

// Reads what the judge wrote, which is well formed.
class Reader {
public:
    explicit Reader(std::string_view text) : rest(text) {}

    Json whole() {
        switch (rest[0]) {
            case '[': return sequence();
            case '{': return tagged();
            case '"': return {Json::text_, string(), {}};
            case 'n': return word(4, Json::null);
            case 't': return word(4, Json::boolean);
            case 'f': return word(5, Json::boolean);
        }
        const std::size_t size = std::min(rest.find_first_of(",]}"), rest.size());
        return word(size, Json::number);
    }

private:
    std::string_view rest;

    Json word(std::size_t size, Json::Kind kind) {
        Json made{kind, std::string(rest.substr(0, size)), {}};
        rest.remove_prefix(size);
        return made;
    }

    Json sequence() {
        Json made{Json::list, "", {}};
        rest.remove_prefix(1);
        while (rest[0] != ']') {
            if (rest[0] == ',') rest.remove_prefix(1);
            made.items.push_back(whole());
        }
        rest.remove_prefix(1);
        return made;
    }

    Json tagged() {
        rest.remove_prefix(1);
        const std::string tag = string();
        rest.remove_prefix(1);
        Json body = whole();
        rest.remove_prefix(1);
        if (tag == "i") body.kind = Json::hex;
        if (tag != "d") return body;  // a tuple or a set is a list here
        Json made{Json::dict, "", {}};
        for (Json& pair : body.items) {
            made.items.push_back(std::move(pair.items[0]));
            made.items.push_back(std::move(pair.items[1]));
        }
        return made;
    }

    std::uint32_t unit() {
        std::uint32_t code = 0;
        std::from_chars(rest.data() + 2, rest.data() + 6, code, 16);
        rest.remove_prefix(6);
        return code;
    }

    std::string string() {
        std::string made;
        rest.remove_prefix(1);
        while (rest[0] != '"') {
            if (rest[0] != '\\') {
                made += rest[0];
                rest.remove_prefix(1);
            } else if (rest[1] == 'u') {
                std::uint32_t code = unit();
                if (code >> 10 == 0x36 && rest[0] == '\\' && rest[1] == 'u') {
                    const std::string_view before = rest;
                    const std::uint32_t low = unit();
                    if (low >> 10 == 0x37) code = 0x10000 + ((code & 1023) << 10 | (low & 1023));
                    else rest = before;
                }
                append_utf8(made, code);
            } else {
                const std::string_view from = "bfnrt", to = "\b\f\n\r\t";
                const std::size_t place = from.find(rest[1]);
                made += place == from.npos ? rest[1] : to[place];
                rest.remove_prefix(2);
            }
        }
        rest.remove_prefix(1);
        return made;
    }
};

inline void write_unit(std::uint32_t unit, std::string& out) {
    const char* const digits = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += digits[unit >> shift & 15];
}

// A byte that is no UTF-8 becomes half a surrogate pair, as in Python's "surrogateescape".
inline void write_text(std::string_view text, std::string& out) {
    out += '"';
    for (std::size_t place = 0; place < text.size();) {
        const unsigned char first = static_cast<unsigned char>(text[place]);
        const int more = first < 0x80 ? 0 : first >= 0xC2 && first < 0xE0 ? 1 : first >> 4 == 14 ? 2 : first >> 3 == 30 ? 3 : -1;
        std::uint32_t code = more > 0 ? first & (63u >> more) : first;
        bool whole = more >= 0 && place + static_cast<std::size_t>(more) < text.size();
        for (int each = 1; whole && each <= more; ++each) {
            const unsigned char next = static_cast<unsigned char>(text[place + static_cast<std::size_t>(each)]);
            whole = next >> 6 == 2;
            code = code << 6 | (next & 63);
        }
        if (!whole || (more == 2 && code < 0x800) || (more == 3 && (code < 0x10000 || code > 0x10FFFF))) {
            write_unit(0xDC00 + first, out);
            ++place;
            continue;
        }
        if (code >= 0x10000) {
            write_unit(0xD800 + ((code - 0x10000) >> 10), out);
            write_unit(0xDC00 + (code & 1023), out);
        } else if (code < 32 || code >= 127 || code == '"' || code == '\\') {
            write_unit(code, out);
        } else {
            out += static_cast<char>(code);
        }
        place += static_cast<std::size_t>(more) + 1;
    }
    out += '"';
}
