package rlvr;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigInteger;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Arguments in the types that a method declares, from what `Json` reads. */
final class Values {
    /** What stands for a type of which there are no objects of its own. */
    private static final Map<Class<?>, Class<?>> MADE = new LinkedHashMap<>();

    static {
        for (Class<?> sorted : new Class<?>[] {NavigableMap.class, SortedMap.class}) {
            MADE.put(sorted, TreeMap.class);
        }
        for (Class<?> sorted : new Class<?>[] {NavigableSet.class, SortedSet.class}) {
            MADE.put(sorted, TreeSet.class);
        }
        MADE.put(Map.class, HashMap.class);
        MADE.put(Set.class, HashSet.class);
        MADE.put(Queue.class, ArrayDeque.class);
        MADE.put(Deque.class, ArrayDeque.class);
        MADE.put(List.class, ArrayList.class);
        MADE.put(Collection.class, ArrayList.class);
        MADE.put(Iterable.class, ArrayList.class);
    }

    private Values() {
    }

    /** A number is too large for its parameter. */
    static final class TooLarge extends RuntimeException {
        TooLarge() {
            super("an argument is too large", null, false, false);
        }
    }

    static Object of(Object json, Type type) throws ReflectiveOperationException {
        if (type instanceof WildcardType) {
            return of(json, ((WildcardType) type).getUpperBounds()[0]);
        }
        if (type instanceof GenericArrayType) {
            Type item = ((GenericArrayType) type).getGenericComponentType();
            Class<?> raw = (Class<?>) (item instanceof ParameterizedType ? ((ParameterizedType) item).getRawType() : Object.class);
            return array((List<?>) json, item, raw);
        }
        if (type instanceof ParameterizedType) {
            ParameterizedType whole = (ParameterizedType) type;
            return generic(json, (Class<?>) whole.getRawType(), whole.getActualTypeArguments());
        }
        if (!(type instanceof Class) || type == Object.class) {
            return natural(json);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isArray()) {
            return array((List<?>) json, plain.getComponentType(), plain.getComponentType());
        }
        if (json instanceof Json.Numeral || json instanceof BigInteger) {
            return number(json.toString(), plain);
        }
        if (json instanceof String && (plain == char.class || plain == Character.class)) {
            if (((String) json).length() == 1) {
                return ((String) json).charAt(0);
            }
            throw new ClassCastException("an argument has another type");
        }
        if (json instanceof List && plain.isRecord()) {
            return record((List<?>) json, plain);
        }
        if (json instanceof Collection || json instanceof Map || plain == Optional.class) {
            return generic(json, plain, Object.class, Object.class);
        }
        return plain == boolean.class ? (Boolean) json : plain.cast(json);
    }

    private static Object number(String digits, Class<?> type) {
        try {
            if (type == int.class || type == Integer.class) {
                return Integer.valueOf(digits);
            } else if (type == long.class || type == Long.class) {
                return Long.valueOf(digits);
            } else if (type == double.class || type == Double.class) {
                return Double.valueOf(digits);
            } else if (type == float.class || type == Float.class) {
                return Float.valueOf(digits);
            } else if (type == short.class || type == Short.class) {
                return Short.valueOf(digits);
            } else if (type == byte.class || type == Byte.class) {
                return Byte.valueOf(digits);
            } else if (type == BigInteger.class) {
                return new BigInteger(digits);
            }
        } catch (NumberFormatException error) {
            throw new TooLarge();
        }
        return type.cast(natural(new Json.Numeral(digits)));
    }

    /** A value in the type that Java gives to such a literal. */
    private static Object natural(Object json) throws ClassCastException {
        try {
            if (json instanceof Json.Numeral) {
                String digits = json.toString();
                if (!digits.matches("-?[0-9]+")) {
                    return Double.valueOf(digits);
                }
                BigInteger whole = new BigInteger(digits);
                if (whole.bitLength() < 32) {
                    return whole.intValue();
                }
                return whole.bitLength() < 64 ? (Object) whole.longValue() : whole;
            } else if (json instanceof List) {
                return generic(json, List.class, Object.class);
            } else if (json instanceof Set) {
                return generic(json, Set.class, Object.class);
            } else if (json instanceof Map) {
                return generic(json, Map.class, Object.class, Object.class);
            }
        } catch (ReflectiveOperationException error) {
            throw new ClassCastException("an argument has another type");
        }
        return json;
    }

    private static Object array(List<?> json, Type item, Class<?> raw) throws ReflectiveOperationException {
        Object made = Array.newInstance(raw, json.size());
        for (int each = 0; each < json.size(); each++) {
            Array.set(made, each, of(json.get(each), item));
        }
        return made;
    }

    @SuppressWarnings("unchecked")
    private static Object generic(Object json, Class<?> type, Type... parts) throws ReflectiveOperationException {
        if (type == Optional.class) {
            return json == null ? Optional.empty() : Optional.of(of(json, parts[0]));
        }
        if (type == Map.Entry.class) {
            List<?> pair = (List<?>) json;
            return new AbstractMap.SimpleEntry<>(of(pair.get(0), parts[0]), of(pair.get(1), parts[1]));
        }
        if (json == null) {
            return null;
        }
        Constructor<?> constructor = MADE.getOrDefault(type, type).getDeclaredConstructor();
        Object made = constructor.newInstance();
        if (json instanceof Map) {
            for (Map.Entry<?, ?> each : ((Map<?, ?>) json).entrySet()) {
                ((Map<Object, Object>) made).put(of(each.getKey(), parts[0]), of(each.getValue(), parts[1]));
            }
        } else {
            for (Object each : (Collection<?>) json) {
                ((Collection<Object>) made).add(of(each, parts[0]));
            }
        }
        return made;
    }

    private static Object record(List<?> json, Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] parts = new Object[components.length];
        for (int each = 0; each < components.length; each++) {
            types[each] = components[each].getType();
            parts[each] = of(json.get(each), components[each].getGenericType());
        }
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(parts);
    }
}
