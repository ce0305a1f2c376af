package android.os;

public final class Message {
    public int what;
    public Messenger replyTo;
    private Bundle data;

    public static Message obtain(Handler handler, int what) {
        Message message = new Message();
        message.what = what;
        return message;
    }

    public void setData(Bundle given) {
        data = given;
    }

    public Bundle getData() {
        return data;
    }
}
