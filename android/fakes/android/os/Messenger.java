package android.os;

/** Fake: both ends are in one process. */
public final class Messenger {
    private static final class Binder implements IBinder {
        final Handler handler;

        Binder(Handler handler) {
            this.handler = handler;
        }
    }

    private final Binder binder;

    public Messenger(Handler handler) {
        binder = new Binder(handler);
    }

    public Messenger(IBinder binder) {
        this.binder = (Binder) binder;
    }

    public IBinder getBinder() {
        return binder;
    }

    public void send(final Message message) throws RemoteException {
        binder.handler.post(new Runnable() {
            @Override
            public void run() {
                binder.handler.handleMessage(message);
            }
        });
    }
}
