package org.holt.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as the node and the app say it to each other: maps, lists, texts, numbers (Long or Double), booleans, null. */
final class Json {
    private static final int MOST_DEPTH = 32;
    private final String text;
    private int at = 0;

    private Json(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException for what is no JSON. */
    static Object read(String text) {
        Json reader = new Json(text);
        Object value = reader.value(0);
        reader.skipSpace();
        if (reader.at != text.length()) throw reader.wrong();
        return value;
    }

    static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof String) {
            quote((String) value, out);
        } else if (value instanceof Map) {
            String separator = "{";
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                out.append(separator);
                quote((String) entry.getKey(), out);
                write(entry.getValue(), out.append(':'));
                separator = ",";
            }
            out.append(separator.equals("{") ? "{}" : "}");
        } else if (value instanceof List) {
            String separator = "[";
            for (Object item : (List<?>) value) {
                write(item, out.append(separator));
                separator = ",";
            }
            out.append(separator.equals("[") ? "[]" : "]");
        } else {
            out.append(value);
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '"' || letter == '\\') out.append('\\').append(letter);
            else if (letter < 0x20 || (letter >= 0xd800 && letter < 0xe000)) out.append(String.format("\\u%04x", (int) letter));
            else out.append(letter);
        }
        out.append('"');
    }

    private Object value(int depth) {
        skipSpace();
        if (depth > MOST_DEPTH || at >= text.length()) throw wrong();
        char first = text.charAt(at);
        if (first == '{') return map(depth);
        if (first == '[') return list(depth);
        if (first == '"') return string();
        if (text.startsWith("true", at)) return word("true", Boolean.TRUE);
        if (text.startsWith("false", at)) return word("false", Boolean.FALSE);
        if (text.startsWith("null", at)) return word("null", null);
        return number();
    }

    private Object word(String word, Object value) {
        at += word.length();
        return value;
    }

    private Map<String, Object> map(int depth) {
        Map<String, Object> map = new LinkedHashMap<String, Object>();
        at++;
        skipSpace();
        if (take('}')) return map;
        do {
            skipSpace();
            String key = string();
            skipSpace();
            if (!take(':')) throw wrong();
            map.put(key, value(depth + 1));
            skipSpace();
        } while (take(','));
        if (!take('}')) throw wrong();
        return map;
    }

    private List<Object> list(int depth) {
        List<Object> list = new ArrayList<Object>();
        at++;
        skipSpace();
        if (take(']')) return list;
        do {
            list.add(value(depth + 1));
            skipSpace();
        } while (take(','));
        if (!take(']')) throw wrong();
        return list;
    }

    private String string() {
        if (!take('"')) throw wrong();
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char letter = text.charAt(at++);
            if (letter == '"') return out.toString();
            if (letter != '\\') out.append(letter);
            else out.append(escaped());
        }
        throw wrong();
    }

    private char escaped() {
        if (at >= text.length()) throw wrong();
        char letter = text.charAt(at++);
        int plain = "\"\\/bfnrt".indexOf(letter);
        if (plain >= 0) return "\"\\/\b\f\n\r\t".charAt(plain);
        if (letter != 'u' || at + 4 > text.length()) throw wrong();
        try {
            char code = (char) Integer.parseInt(text.substring(at, at + 4), 16);
            at += 4;
            return code;
        } catch (NumberFormatException e) {
            throw wrong();
        }
    }

    private Object number() {
        int start = at;
        while (at < text.length() && "+-0123456789.eE".indexOf(text.charAt(at)) >= 0) at++;
        String digits = text.substring(start, at);
        try {
            if (digits.matches("-?[0-9]{1,18}")) return Long.valueOf(digits);
            return Double.valueOf(digits);
        } catch (NumberFormatException e) {
            throw wrong();
        }
    }

    private boolean take(char wanted) {
        if (at >= text.length() || text.charAt(at) != wanted) return false;
        at++;
        return true;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
    }

    private IllegalArgumentException wrong() {
        return new IllegalArgumentException("no JSON at character " + at);
    }
}
