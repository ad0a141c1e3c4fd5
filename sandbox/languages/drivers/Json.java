package rlvr;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** JSON text with the tags of sandbox/inside/values.py. */
final class Json {
    private static final int MAX_DEPTH = 100;
    private static final int LONGEST_DECIMAL = 13_000;

    private final String text;
    private int place;

    Json(String text) {
        this.text = text;
    }

    /** Why a value cannot be given back. */
    static final class NotData extends RuntimeException {
        NotData(String why) {
            super(why, null, false, false);
        }
    }

    /** A number as it is written. */
    record Numeral(String digits) {
        @Override
        public String toString() {
            return digits;
        }
    }

    /** Reads a value: null, Boolean, Numeral, BigInteger, String, List, Set or Map. The judge wrote it: it is well formed. */
    Object value() {
        switch (text.charAt(place)) {
            case '[':
                return sequence();
            case '{':
                return tagged();
            case '"':
                return string();
            default:
                int start = place;
                while (place < text.length() && ",]}".indexOf(text.charAt(place)) < 0) {
                    place++;
                }
                return word(text.substring(start, place));
        }
    }

    private static Object word(String word) {
        switch (word) {
            case "null":
                return null;
            case "true":
                return true;
            case "false":
                return false;
            default:
                return new Numeral(word);
        }
    }

    private List<Object> sequence() {
        List<Object> items = new ArrayList<>();
        place++;
        while (text.charAt(place) != ']') {
            if (text.charAt(place) == ',') {
                place++;
            }
            items.add(value());
        }
        place++;
        return items;
    }

    private Object tagged() {
        place++;
        String tag = string();
        place++;
        Object body = value();
        place++;
        switch (tag) {
            case "i":
                return new BigInteger((String) body, 16);
            case "s":
            case "f":
                return new LinkedHashSet<>((List<?>) body);
            case "d":
                Map<Object, Object> made = new LinkedHashMap<>();
                for (Object pair : (List<?>) body) {
                    made.put(((List<?>) pair).get(0), ((List<?>) pair).get(1));
                }
                return made;
            default:
                return body;
        }
    }

    private String string() {
        StringBuilder made = new StringBuilder();
        for (place++; text.charAt(place) != '"'; place++) {
            char letter = text.charAt(place);
            if (letter == '\\') {
                letter = text.charAt(++place);
                int escape = "bfnrt".indexOf(letter);
                if (letter == 'u') {
                    letter = (char) Integer.parseInt(text, place + 1, place + 5, 16);
                    place += 4;
                } else if (escape >= 0) {
                    letter = "\b\f\n\r\t".charAt(escape);
                }
            }
            made.append(letter);
        }
        place++;
        return made.toString();
    }

    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int each = 0; each < text.length(); each++) {
            char letter = text.charAt(each);
            if (letter < 32 || letter > 126 || letter == '"' || letter == '\\') {
                String digits = Integer.toHexString(letter);
                out.append("\\u").append("0".repeat(4 - digits.length())).append(digits);
            } else {
                out.append(letter);
            }
        }
        return out.append('"').toString();
    }

    /** Writes a value; a list that is a key is written as a tuple. */
    static void write(Object value, StringBuilder out, boolean key, int depth) {
        if (depth > MAX_DEPTH) {
            throw new NotData("nested too deep");
        }
        if (value == null || value instanceof Boolean || value instanceof Integer || value instanceof Long
                || value instanceof Short || value instanceof Byte || value instanceof Double || value instanceof Float) {
            out.append(value);
        } else if (value instanceof BigInteger) {
            BigInteger whole = (BigInteger) value;
            out.append(whole.bitLength() < LONGEST_DECIMAL ? whole.toString() : "{\"i\":\"" + whole.toString(16) + "\"}");
        } else if (value instanceof CharSequence || value instanceof Character) {
            out.append(quoted(value.toString()));
        } else if (value instanceof Optional) {
            write(((Optional<?>) value).orElse(null), out, key, depth + 1);
        } else if (value instanceof Set) {
            items((Set<?>) value, key ? "f" : "s", true, out, depth);
        } else if (value instanceof Collection) {
            items((Collection<?>) value, key ? "t" : "", key, out, depth);
        } else if (value.getClass().isArray()) {
            List<Object> all = new ArrayList<>();
            for (int each = 0; each < Array.getLength(value); each++) {
                all.add(Array.get(value, each));
            }
            items(all, key ? "t" : "", key, out, depth);
        } else if (value instanceof Map.Entry) {
            Map.Entry<?, ?> pair = (Map.Entry<?, ?>) value;
            items(Arrays.asList(pair.getKey(), pair.getValue()), "t", key, out, depth);
        } else if (value instanceof Record) {
            items(parts((Record) value), "t", key, out, depth);
        } else if (value instanceof Map && !key) {
            map((Map<?, ?>) value, out, depth);
        } else {
            throw new NotData("an object is not plain data");
        }
    }

    private static void items(Collection<?> items, String tag, boolean key, StringBuilder out, int depth) {
        out.append(tag.isEmpty() ? "[" : "{\"" + tag + "\":[");
        String before = "";
        for (Object item : items) {
            out.append(before);
            write(item, out, key, depth + 1);
            before = ",";
        }
        out.append(tag.isEmpty() ? "]" : "]}");
    }

    private static void map(Map<?, ?> map, StringBuilder out, int depth) {
        out.append("{\"d\":[");
        String before = "[";
        for (Map.Entry<?, ?> each : map.entrySet()) {
            out.append(before);
            write(each.getKey(), out, true, depth + 2);
            out.append(',');
            write(each.getValue(), out, false, depth + 2);
            out.append(']');
            before = ",[";
        }
        out.append("]}");
    }

    private static List<Object> parts(Record value) {
        List<Object> all = new ArrayList<>();
        try {
            for (RecordComponent each : value.getClass().getRecordComponents()) {
                Method get = each.getAccessor();
                get.setAccessible(true);
                all.add(get.invoke(value));
            }
        } catch (ReflectiveOperationException error) {
            throw new NotData("a record does not tell its parts");
        }
        return all;
    }
}
