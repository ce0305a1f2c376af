package org.holt.app;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.Map;

/** The app's end of the line to the node: JSON, a message a line. */
final class Line {
    interface Listener {
        /** On the line's own thread. */
        void message(Map<?, ?> message);

        /** The node's end is gone. */
        void ended();
    }

    private static final Charset UTF_8 = Charset.forName("UTF-8");
    private final int end;

    Line(int end) {
        this.end = end;
    }

    /** Never fails: who is gone needs no message. */
    synchronized void send(Map<String, ?> message) {
        Node.write(end, (Json.write(message) + "\n").getBytes(UTF_8));
    }

    /** A message that says how many bytes follow it. */
    synchronized void send(Map<String, ?> message, byte[] content) {
        send(message);
        Node.write(end, content);
    }

    void listen(final Listener listener) {
        new Thread("holt-line") {
            @Override
            public void run() {
                readAll(listener);
            }
        }.start();
    }

    private void readAll(Listener listener) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] bytes = new byte[8192];
        for (int count = Node.read(end, bytes); count > 0; count = Node.read(end, bytes)) {
            for (int i = 0; i < count; i++) {
                if (bytes[i] != '\n') {
                    line.write(bytes[i]);
                    continue;
                }
                listener.message((Map<?, ?>) Json.read(new String(line.toByteArray(), UTF_8)));
                line.reset();
            }
        }
        Node.close(end);
        listener.ended();
    }
}
