// Part of call.hpp, in its namespace: values of C++ types, from JSON and to JSON.

template <class T>
struct Codec;  // there is none for this type: a function that takes or gives it cannot be called

template <class T>
T read(const Json& json) {
    return Codec<T>::read(json);
}
template <class T>
void write(const T& value, std::string& out, bool key) {
    Codec<std::decay_t<T>>::write(value, out, key);
}

template <class A>
struct StoredAs {
    using type = std::remove_cv_t<std::remove_reference_t<A>>;
};
template <class T>
struct StoredAs<T*> {  // a pointer to one value
    using type = std::remove_cv_t<T>;
};
template <>
struct StoredAs<const char*> {
    using type = const char*;
};
template <>
struct StoredAs<char*> {
    using type = char*;
};
template <class A>
using Stored = typename StoredAs<A>::type;

inline void expect(bool holds) {
    if (!holds) throw Raised{"TypeError", "an argument has another type"};
}

template <>
struct Codec<bool> {
    static bool read(const Json& json) {
        expect(json.kind == Json::boolean);
        return json.text == "true";
    }
    static void write(bool value, std::string& out, bool) { out += value ? "true" : "false"; }
};

template <>
struct Codec<char> {
    static char read(const Json& json) {
        expect(json.kind == Json::text_ && json.text.size() == 1);
        return json.text[0];
    }
    static void write(char value, std::string& out, bool) { write_text(std::string_view(&value, 1), out); }
};

template <class T>
    requires std::is_integral_v<T>
struct Codec<T> {
    static T read(const Json& json) {
        if (json.kind == Json::hex) throw Raised{"OverflowError", "an argument is too large"};
        expect(json.kind == Json::number);
        T value{};
        const auto [end, error] = std::from_chars(json.text.data(), json.text.data() + json.text.size(), value);
        if (error == std::errc::result_out_of_range) throw Raised{"OverflowError", "an argument is too large"};
        if (end != json.text.data() + json.text.size()) {  // 1.0, or a sign that the type has not
            const double real = std::strtod(json.text.c_str(), nullptr);
            expect(std::floor(real) == real && std::fabs(real) < 9007199254740992.0);
            const bool fits = real >= static_cast<double>(std::numeric_limits<T>::min()) &&
                              real <= static_cast<double>(std::numeric_limits<T>::max());
            if (!fits) throw Raised{"OverflowError", "an argument is too large"};
            value = static_cast<T>(real);
        }
        return value;
    }
    static void write(T value, std::string& out, bool) { out += std::to_string(value); }
};

template <class T>
    requires std::is_floating_point_v<T>
struct Codec<T> {
    static T read(const Json& json) {
        expect(json.kind == Json::number);
        return static_cast<T>(std::strtod(json.text.c_str(), nullptr));  // NaN and Infinity too
    }
    static void write(T value, std::string& out, bool) {
        if (std::isnan(value)) {
            out += "NaN";
        } else if (std::isinf(value)) {
            out += value < 0 ? "-Infinity" : "Infinity";
        } else {
            char room[64];
            using Written = std::conditional_t<std::is_same_v<T, float>, float, double>;
            const auto end = std::to_chars(room, room + sizeof room, static_cast<Written>(value)).ptr;
            const std::string_view text(room, static_cast<std::size_t>(end - room));
            out += text;
            if (text.find_first_of(".ein") == text.npos) out += ".0";
        }
    }
};

template <>
struct Codec<std::string> {
    static std::string read(const Json& json) {
        expect(json.kind == Json::text_);
        return json.text;
    }
    static void write(const std::string& value, std::string& out, bool) { write_text(value, out); }
};
template <>
struct Codec<std::string_view> {  // a view of the request, which lives as long as the call
    static std::string_view read(const Json& json) {
        expect(json.kind == Json::text_);
        return json.text;
    }
    static void write(std::string_view value, std::string& out, bool) { write_text(value, out); }
};
template <>
struct Codec<char*> {
    static char* read(const Json& json) {
        expect(json.kind == Json::text_);
        return const_cast<char*>(json.text.c_str());
    }
    static void write(const char* value, std::string& out, bool) {
        if (value == nullptr) out += "null";
        else write_text(value, out);
    }
};
template <>
struct Codec<const char*> : Codec<char*> {};

template <class T>
struct Codec<std::optional<T>> {
    static std::optional<T> read(const Json& json) {
        if (json.kind == Json::null) return std::nullopt;
        return rlvr::read<T>(json);
    }
    static void write(const std::optional<T>& value, std::string& out, bool key) {
        if (value) rlvr::write(*value, out, key);
        else out += "null";
    }
};
template <>
struct Codec<std::nullopt_t> {
    static void write(std::nullopt_t, std::string& out, bool) { out += "null"; }
};

template <class Sequence>
void write_items(const Sequence& items, std::string& out, bool key) {
    out += '[';
    bool first = true;
    for (auto&& item : items) {
        if (!first) out += ',';
        first = false;
        rlvr::write(static_cast<const typename Sequence::value_type&>(item), out, key);
    }
    out += ']';
}

template <class T>
struct SequenceCodec {
    static T read(const Json& json) {
        expect(json.kind == Json::list);
        T made;
        for (const Json& item : json.items) made.insert(made.end(), rlvr::read<typename T::value_type>(item));
        return made;
    }
    static void write(const T& value, std::string& out, bool key) {  // no list can be a key; a tuple can
        if (key) out += "{\"t\":";
        write_items(value, out, key);
        if (key) out += '}';
    }
};
template <class T, class A>
struct Codec<std::vector<T, A>> : SequenceCodec<std::vector<T, A>> {};
template <class T, class A>
struct Codec<std::deque<T, A>> : SequenceCodec<std::deque<T, A>> {};
template <class T, class A>
struct Codec<std::list<T, A>> : SequenceCodec<std::list<T, A>> {};

template <class T, std::size_t N>
struct Codec<std::array<T, N>> {
    static std::array<T, N> read(const Json& json) {
        expect(json.kind == Json::list && json.items.size() == N);
        std::array<T, N> made{};
        for (std::size_t each = 0; each < N; ++each) made[each] = rlvr::read<T>(json.items[each]);
        return made;
    }
    static void write(const std::array<T, N>& value, std::string& out, bool key) {
        SequenceCodec<std::array<T, N>>::write(value, out, key);
    }
};

template <class T>
struct TupleCodec {
    static T read(const Json& json) {
        expect(json.kind == Json::list && json.items.size() == std::tuple_size_v<T>);
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return T{rlvr::read<std::tuple_element_t<I, T>>(json.items[I])...};
        }(std::make_index_sequence<std::tuple_size_v<T>>());
    }
    static void write(const T& value, std::string& out, bool key) {
        out += "{\"t\":[";
        const std::size_t start = out.size();
        std::apply(
            [&](const auto&... items) {
                ((void(out.size() > start ? out += ',' : out), rlvr::write(items, out, key)), ...);
            },
            value);
        out += "]}";
    }
};
template <class A, class B>
struct Codec<std::pair<A, B>> : TupleCodec<std::pair<A, B>> {};
template <class... A>
struct Codec<std::tuple<A...>> : TupleCodec<std::tuple<A...>> {};

template <class T>
struct SetCodec {
    static T read(const Json& json) {
        expect(json.kind == Json::list);
        T made;
        for (const Json& item : json.items) made.insert(rlvr::read<typename T::value_type>(item));
        return made;
    }
    static void write(const T& value, std::string& out, bool key) {
        out += key ? "{\"f\":" : "{\"s\":";
        write_items(value, out, true);
        out += '}';
    }
};
template <class... A>
struct Codec<std::set<A...>> : SetCodec<std::set<A...>> {};
template <class... A>
struct Codec<std::unordered_set<A...>> : SetCodec<std::unordered_set<A...>> {};
template <class... A>
struct Codec<std::multiset<A...>> : SequenceCodec<std::multiset<A...>> {};

template <class T>
struct MapCodec {
    static T read(const Json& json) {
        expect(json.kind == Json::dict);
        T made;
        for (std::size_t each = 0; each < json.items.size(); each += 2) {
            made.emplace(rlvr::read<typename T::key_type>(json.items[each]),
                         rlvr::read<typename T::mapped_type>(json.items[each + 1]));
        }
        return made;
    }
    static void write(const T& value, std::string& out, bool key) {
        if (key) throw NotData{"a map is no key"};
        out += "{\"d\":[";
        bool first = true;
        for (const auto& [name, item] : value) {
            out += first ? "[" : ",[";
            first = false;
            rlvr::write(name, out, true);
            out += ',';
            rlvr::write(item, out, false);
            out += ']';
        }
        out += "]}";
    }
};
template <class... A>
struct Codec<std::map<A...>> : MapCodec<std::map<A...>> {};
template <class... A>
struct Codec<std::unordered_map<A...>> : MapCodec<std::unordered_map<A...>> {};
