package android.app;

import android.content.ContextWrapper;
import android.content.Intent;
import android.os.Bundle;
import android.view.View;

public class Activity extends ContextWrapper {
    protected void onCreate(Bundle state) {}

    /** Of the fake only. */
    public Intent intent;

    public Intent getIntent() {
        return intent;
    }

    public final void runOnUiThread(Runnable work) {
        new android.os.Handler(null).post(work);
    }

    protected void onStart() {}

    protected void onStop() {}

    protected void onDestroy() {}

    protected void onActivityResult(int request, int result, Intent data) {}

    public void onBackPressed() {}

    public final boolean requestWindowFeature(int feature) {
        return true;
    }

    public void setContentView(View view) {}

    public void setTitle(CharSequence title) {}

    public void setTitle(int title) {}

    public void finish() {}

    public void onRequestPermissionsResult(int request, String[] permissions, int[] results) {}

    /** Fake: the owner answers as the phone says. */
    public final void requestPermissions(String[] names, int code) {
        fake.askOwner(this, names, code);
    }

    public void startActivityForResult(Intent intent, int code) {}
}
