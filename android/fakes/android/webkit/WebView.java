package android.webkit;

import android.content.Context;
import android.view.View;

/** Fake: remembers what it was told to show. */
public class WebView extends View {
    /** Of the fake only. */
    public static volatile String lastUrl;
    public static volatile WebViewClient client;

    public WebView(Context context) {}

    public WebSettings getSettings() {
        return new WebSettings() {
            @Override
            public void setJavaScriptEnabled(boolean enabled) {}

            @Override
            public void setDomStorageEnabled(boolean enabled) {}

            @Override
            public void setAllowFileAccess(boolean allowed) {}

            @Override
            public void setAllowContentAccess(boolean allowed) {}
        };
    }

    public void setWebViewClient(WebViewClient given) {
        client = given;
    }

    public void setWebChromeClient(WebChromeClient client) {}

    public void loadUrl(String url) {
        lastUrl = url;
    }

    public boolean canGoBack() {
        return false;
    }

    public void goBack() {}

    public void destroy() {}
}
