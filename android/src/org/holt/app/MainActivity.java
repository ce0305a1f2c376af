package org.holt.app;

import android.app.Activity;
import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.content.ServiceConnection;
import android.net.Uri;
import android.os.Build;
import android.os.Bundle;
import android.os.Handler;
import android.os.IBinder;
import android.os.Looper;
import android.os.Message;
import android.os.Messenger;
import android.os.RemoteException;
import android.view.Window;
import android.webkit.CookieManager;
import android.webkit.ValueCallback;
import android.webkit.WebChromeClient;
import android.webkit.WebView;
import android.webkit.WebViewClient;

/** The node's page. The address and what opens it come from the service; nothing of them leaves this activity. */
public final class MainActivity extends Activity implements ServiceConnection {
    private static final int CHOOSE_FILES = 1;
    private static final int SEE_PICTURES = 2;
    private static final long ASK_AGAIN_MS = 300;

    private final Handler handler = new Handler(Looper.getMainLooper()) {
        @Override
        public void handleMessage(Message message) {
            if (message.what == NodeService.TELL_PAGE || message.what == NodeService.TELL_FAILED) told(message.getData());
            else if (message.what == NodeService.ASK_ACCESS) requestPermissions(MediaAccess.wanted(), SEE_PICTURES);
        }
    };
    private final Messenger messenger = new Messenger(handler);
    private WebView view;
    private Messenger service;
    private String shownUrl;
    /** The owner was asked for pictures, and the service has not heard of the answer. */
    private boolean wasAnswered;
    private ValueCallback<Uri[]> chooser;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        requestWindowFeature(Window.FEATURE_NO_TITLE);
        view = new WebView(this);
        view.getSettings().setJavaScriptEnabled(true);
        view.getSettings().setDomStorageEnabled(true);
        view.getSettings().setAllowFileAccess(false);
        view.getSettings().setAllowContentAccess(false);
        view.setWebViewClient(new OnlyThePage());
        view.setWebChromeClient(new Chooser());
        setContentView(view);
        Intent start = new Intent(this, NodeService.class);
        if (Build.VERSION.SDK_INT >= 26) startForegroundService(start);
        else startService(start);
        if (Build.VERSION.SDK_INT >= 33) requestPermissions(new String[] {"android.permission.POST_NOTIFICATIONS"}, 0);
    }

    @Override
    protected void onStart() {
        super.onStart();
        bindService(new Intent(this, NodeService.class), this, Context.BIND_AUTO_CREATE);
    }

    @Override
    protected void onStop() {
        tell(NodeService.LEFT);
        unbindService(this);
        service = null;
        super.onStop();
    }

    @Override
    protected void onDestroy() {
        view.destroy();
        super.onDestroy();
    }

    @Override
    public void onBackPressed() {
        if (view.canGoBack()) view.goBack();
        else super.onBackPressed();
    }

    @Override
    public void onServiceConnected(ComponentName name, IBinder binder) {
        service = new Messenger(binder);
        ask();
        tellAnswered();
    }

    /** Its process died; the system starts it again, with another address and another token. */
    @Override
    public void onServiceDisconnected(ComponentName name) {
        service = null;
        shownUrl = null;
    }

    /** Whatever was answered: what may be seen now the node asks itself. */
    @Override
    public void onRequestPermissionsResult(int request, String[] permissions, int[] results) {
        if (request != SEE_PICTURES) return;
        wasAnswered = true;
        tellAnswered();
    }

    private void tellAnswered() {
        if (!wasAnswered || service == null) return;
        tell(NodeService.ACCESS_ANSWERED);
        wasAnswered = false;
    }

    private void ask() {
        tell(NodeService.ASK_PAGE);
    }

    private void tell(int what) {
        if (service == null) return;
        Message question = Message.obtain(null, what);
        question.replyTo = messenger;
        try {
            service.send(question);
        } catch (RemoteException e) {
            service = null;
        }
    }

    private void told(Bundle data) {
        String url = data.getString("url");
        if (url == null) {
            if (data.getString("failure") != null) setTitle(getString(R.string.failed) + " (" + data.getString("failure") + ")");
            handler.postDelayed(new Runnable() {
                @Override
                public void run() {
                    ask();
                }
            }, ASK_AGAIN_MS);
            return;
        }
        if (url.equals(shownUrl)) return;
        shownUrl = url;
        CookieManager.getInstance().setCookie(url, "holt-start=" + data.getString("token") + "; HttpOnly; SameSite=Strict; Path=/");
        String code = data.getString("setupCode");
        view.loadUrl(code == null ? url : url + "#code=" + code);
    }

    @Override
    protected void onActivityResult(int request, int result, Intent data) {
        if (request != CHOOSE_FILES || chooser == null) return;
        chooser.onReceiveValue(WebChromeClient.FileChooserParams.parseResult(result, data));
        chooser = null;
    }

    /** Whatever leads elsewhere is for a browser. */
    private final class OnlyThePage extends WebViewClient {
        @Override
        public boolean shouldOverrideUrlLoading(WebView view, String url) {
            if (shownUrl != null && url.startsWith(shownUrl)) return false;
            if (url.startsWith("https://")) startActivity(new Intent(Intent.ACTION_VIEW, Uri.parse(url)));
            return true;
        }
    }

    private final class Chooser extends WebChromeClient {
        @Override
        public boolean onShowFileChooser(WebView view, ValueCallback<Uri[]> callback, FileChooserParams params) {
            if (chooser != null) chooser.onReceiveValue(null);
            chooser = callback;
            startActivityForResult(params.createIntent(), CHOOSE_FILES);
            return true;
        }
    }
}
