package android.text;

public class TextUtils {
    public static String join(CharSequence between, Object[] parts) {
        StringBuilder text = new StringBuilder();
        for (Object part : parts) text.append(text.length() == 0 ? "" : between).append(part);
        return text.toString();
    }
}
