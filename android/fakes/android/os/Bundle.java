package android.os;

import java.util.HashMap;
import java.util.Map;

public class Bundle {
    private final Map<String, String> texts = new HashMap<String, String>();

    public void putString(String key, String value) {
        texts.put(key, value);
    }

    public void putStringArray(String key, String[] values) {
        texts.put(key, android.text.TextUtils.join("\n", values));
    }

    public void putInt(String key, int value) {
        texts.put(key, String.valueOf(value));
    }

    public String getString(String key) {
        return texts.get(key);
    }
}
