package android.app;

import android.content.Context;
import android.content.DialogInterface;

public class AlertDialog extends Dialog {
    /** Of the fake only. */
    public static String shown;
    private static DialogInterface.OnClickListener listener;

    public static void answer(int which) {
        shown = null;
        listener.onClick(null, which);
    }

    public static class Builder {
        private CharSequence message;

        public Builder(Context context) {}

        public Builder setTitle(int title) {
            return this;
        }

        public Builder setMessage(CharSequence given) {
            message = given;
            return this;
        }

        public Builder setPositiveButton(int text, DialogInterface.OnClickListener given) {
            listener = given;
            return this;
        }

        public Builder setNegativeButton(int text, DialogInterface.OnClickListener given) {
            return this;
        }

        public Builder setCancelable(boolean cancelable) {
            return this;
        }

        public AlertDialog show() {
            shown = message.toString().replaceAll(".*\\(", "(");
            return new AlertDialog();
        }
    }
}
