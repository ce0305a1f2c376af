package org.holt.setup;

import android.app.Activity;
import android.content.ComponentName;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.os.Bundle;
import android.view.View;
import android.widget.Button;
import android.widget.LinearLayout;
import android.widget.TextView;

/**
 * The step of a new phone's set-up that offers Holt. It is a home screen until it was answered once; then it takes itself out of the list of those,
 * and the system goes on to the next step. What sets up Holt itself is the app.
 */
public final class SetupActivity extends Activity {
    private static final int SET_UP = 1;
    private static final int PADDING = 48;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        setTitle(R.string.name);
        LinearLayout column = new LinearLayout(this);
        column.setOrientation(LinearLayout.VERTICAL);
        column.setPadding(PADDING, PADDING, PADDING, PADDING);
        TextView text = new TextView(this);
        text.setText(R.string.text);
        column.addView(text);
        column.addView(button(R.string.now, new View.OnClickListener() {
            @Override
            public void onClick(View view) {
                startActivityForResult(new Intent().setComponent(new ComponentName("org.holt.app", "org.holt.app.MainActivity")), SET_UP);
            }
        }));
        column.addView(button(R.string.later, new View.OnClickListener() {
            @Override
            public void onClick(View view) {
                answered();
            }
        }));
        setContentView(column);
    }

    /** Whatever came of it: who left in the midst finds the app on the first screen. */
    @Override
    protected void onActivityResult(int request, int result, Intent data) {
        if (request == SET_UP) answered();
    }

    private Button button(int text, View.OnClickListener listener) {
        Button button = new Button(this);
        button.setText(text);
        button.setOnClickListener(listener);
        return button;
    }

    private void answered() {
        getPackageManager().setComponentEnabledSetting(new ComponentName(this, SetupActivity.class),
                PackageManager.COMPONENT_ENABLED_STATE_DISABLED, PackageManager.DONT_KILL_APP);
        startActivity(new Intent(Intent.ACTION_MAIN).addCategory(Intent.CATEGORY_HOME).setFlags(Intent.FLAG_ACTIVITY_NEW_TASK));
        finish();
    }
}
