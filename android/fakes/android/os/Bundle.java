package android.os;

import java.util.HashMap;
import java.util.Map;

public class Bundle {
    private final Map<String, String> texts = new HashMap<String, String>();

    public void putString(String key, String value) {
        texts.put(key, value);
    }

    public String getString(String key) {
        return texts.get(key);
    }
}
