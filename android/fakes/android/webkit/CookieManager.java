package android.webkit;

public abstract class CookieManager {
    /** Of the fake only. */
    public static volatile String last;

    public static CookieManager getInstance() {
        return new CookieManager() {
            @Override
            public void setCookie(String url, String value) {
                last = value;
            }
        };
    }

    public abstract void setCookie(String url, String value);
}
