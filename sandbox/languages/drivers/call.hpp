// Calls of a function in C++: requests come in on descriptor 3, answers go out on descriptor 4 (sandbox/inside/calls.py).
//
// It comes before the program's text, so that no macro of the program reaches it. What the function takes and gives is
// read off its type; values are the JSON of sandbox/inside/values.py.
#pragma once
#include <unistd.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <list>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace rlvr {

struct Raised {  // an exception, by the name that Python has for it
    const char* kind;
    std::string text;
};
struct NotData {
    const char* why;
};

#include "call_json.hpp"
#include "call_values.hpp"

using Serve = std::function<void(const Json& arguments, int read_back, std::string& out)>;

inline Serve& served() {
    static Serve serve;
    return serve;
}

template <class A>
decltype(auto) passed(Stored<A>& stored) {
    if constexpr (std::is_pointer_v<A> && !std::is_same_v<Stored<A>, std::remove_cv_t<A>>) {
        return &stored;
    } else if constexpr (std::is_rvalue_reference_v<A>) {
        return std::move(stored);
    } else {
        return (stored);
    }
}

// Reads the arguments, calls, and writes the value, or the argument that is asked for.
template <class R, class... A, class Function, std::size_t... I>
void answer(Function call, const Json& given, int read_back, std::string& out, std::index_sequence<I...>) {
    if (given.items.size() != sizeof...(A)) throw Raised{"TypeError", "takes another number of arguments"};
    std::tuple<Stored<A>...> arguments{read<Stored<A>>(given.items[I])...};
    const auto write_argument = [&] {
        (void)((static_cast<int>(I) == read_back && (write(std::get<I>(arguments), out, false), true)) || ...);
    };
    if constexpr (std::is_void_v<R>) {
        call(passed<A>(std::get<I>(arguments))...);
        if (read_back >= 0) write_argument();
        else out += "null";
    } else {
        const auto& value = call(passed<A>(std::get<I>(arguments))...);
        if (read_back >= 0) write_argument();
        else write(value, out, false);
    }
}

template <class R, class... A>
bool take(R (*function)(A...)) {
    served() = [function](const Json& given, int read_back, std::string& out) {
        answer<R, A...>(function, given, read_back, out, std::index_sequence_for<A...>());
    };
    return true;
}

template <class C, class R, class... A, class Method>
bool take_method(Method method) {
    served() = [method](const Json& given, int read_back, std::string& out) {
        auto object = std::make_unique<C>();
        auto call = [&](A... each) -> R { return ((*object).*method)(std::forward<A>(each)...); };
        answer<R, A...>(call, given, read_back, out, std::index_sequence_for<A...>());
    };
    return true;
}
template <class C, class R, class... A>
bool take(R (C::*method)(A...)) {
    return take_method<C, R, A...>(method);
}
template <class C, class R, class... A>
bool take(R (C::*method)(A...) const) {
    return take_method<C, R, A...>(method);
}

// Where a function has several forms, the one with so many parameters is meant.
template <std::size_t N>
struct Taking {
    template <class Function>
    static bool of(Function function) {
        return ::rlvr::take(function);
    }
};
#define RLVR_TAKING(N, ...)                                  \
    template <>                                              \
    struct Taking<N> {                                       \
        template <class R RLVR_CLASSES_##N>                  \
        static bool of(R (*function)(__VA_ARGS__)) {         \
            return ::rlvr::take(function);                           \
        }                                                    \
        template <class C, class R RLVR_CLASSES_##N>         \
        static bool of(R (C::*method)(__VA_ARGS__)) {        \
            return ::rlvr::take(method);                             \
        }                                                    \
        template <class C, class R RLVR_CLASSES_##N>         \
        static bool of(R (C::*method)(__VA_ARGS__) const) {  \
            return ::rlvr::take(method);                             \
        }                                                    \
    };
#define RLVR_CLASSES_1 , class A
#define RLVR_CLASSES_2 RLVR_CLASSES_1, class B
#define RLVR_CLASSES_3 RLVR_CLASSES_2, class D
#define RLVR_CLASSES_4 RLVR_CLASSES_3, class E
RLVR_TAKING(1, A)
RLVR_TAKING(2, A, B)
RLVR_TAKING(3, A, B, D)
RLVR_TAKING(4, A, B, D, E)
#undef RLVR_TAKING

inline void send(const std::string& body) {
    std::string frame;
    for (int shift = 24; shift >= 0; shift -= 8) frame += static_cast<char>(body.size() >> shift);
    frame += body;
    for (std::size_t done = 0; done < frame.size();) {
        const ssize_t count = ::write(4, frame.data() + done, frame.size() - done);
        if (count <= 0) _exit(1);
        done += static_cast<std::size_t>(count);
    }
}

inline std::string receive(std::size_t size) {
    std::string data(size, '\0');
    for (std::size_t done = 0; done < size;) {
        const ssize_t count = ::read(3, data.data() + done, size - done);
        if (count <= 0) _exit(0);
        done += static_cast<std::size_t>(count);
    }
    return data;
}

inline std::string raised(const char* kind, std::string_view text) {
    std::string out = std::string("[\"raised\",\"") + kind + "\",";
    write(text.substr(0, 1000), out, false);
    return out + "]";
}

inline std::string answered(const Json& request) {
    const Json& read_back = request.items[3];
    try {
        std::string out = "[\"value\",";
        served()(request.items[1], read_back.kind == Json::number ? read<int>(read_back) : -1, out);
        return out + "]";
    } catch (const Raised& error) {
        return raised(error.kind, error.text);
    } catch (const NotData& error) {
        return std::string("[\"not data\",\"") + error.why + "\",true]";
    } catch (const std::bad_alloc&) {
        return raised("MemoryError", "");
    } catch (const std::out_of_range& error) {
        return raised("IndexError", error.what());
    } catch (const std::invalid_argument& error) {
        return raised("ValueError", error.what());
    } catch (const std::overflow_error& error) {
        return raised("OverflowError", error.what());
    } catch (const std::exception& error) {
        return raised("RuntimeError", error.what());
    } catch (...) {
        return raised("RuntimeError", "");
    }
}

}  // namespace rlvr

extern "C" int rlvr_main() {
    rlvr::send("[0,[\"ready\"]]");
    for (;;) {
        const std::string head = rlvr::receive(4);
        std::size_t size = 0;
        for (const char each : head) size = size << 8 | static_cast<unsigned char>(each);
        const std::string body = rlvr::receive(size);
        const rlvr::Json message = rlvr::Reader(body).whole();
        rlvr::send("[" + message.items[0].text + "," + rlvr::answered(message.items[1]) + "]");
    }
}
