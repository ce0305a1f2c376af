package android.webkit;

public abstract class WebSettings {
    public abstract void setJavaScriptEnabled(boolean enabled);

    public abstract void setDomStorageEnabled(boolean enabled);

    public abstract void setAllowFileAccess(boolean allowed);

    public abstract void setAllowContentAccess(boolean allowed);
}
