package org.holt.app;

import android.content.Context;
import java.io.File;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Starts the node in this process and holds the line to it. One in the life of a process. */
final class NodeRunner {
    interface Listener {
        /** The page answers. */
        void ready(Page page);

        /** It says why it ends. */
        void failed(String code, String message);

        /** It ends as it was asked to. */
        void stopped();

        /** What it wants of the phone until it says otherwise. */
        void demand(boolean work, boolean multicast);

        /** It wants to see pictures. @return false when nobody looks at the app. */
        boolean askAccess();
    }

    /** Where the page is, and what opens it. */
    static final class Page {
        final String url;
        final String token;
        /** Null once there is an owner. */
        final String setupCode;

        Page(String url, String token, String setupCode) {
            this.url = url;
            this.token = token;
            this.setupCode = setupCode;
        }
    }

    private static final long GIB = 1L << 30;
    private final Listener listener;
    private final Context context;
    private Line line;
    private Media media;
    private Conditions conditions;
    private Object toldNetworks;
    private Object toldConditions;
    private boolean isViewed;
    private Page page;

    NodeRunner(Context context, Listener listener) {
        this.context = context;
        this.listener = listener;
    }

    /** @param program the unpacked app. @param data where everything is kept; its drive may be the phone's. */
    void start(File program, final File data, final File temporary) {
        final int[] ends = Node.pair();
        if (ends == null) {
            listener.failed("IO_FAILED", "no pair of sockets");
            return;
        }
        Map<String, Object> options = new LinkedHashMap<String, Object>();
        options.put("dataFolder", data.getPath());
        options.put("uiFolder", new File(program, "ui").getPath());
        options.put("quotaBytes", quotaBytes(data.getParentFile().getTotalSpace()));
        options.put("reserveBytes", reserveBytes(data.getParentFile().getTotalSpace()));
        options.put("inbox", new SharedInbox(context.getFilesDir()).folder().getPath());
        options.put("bridge", ends[1]);
        final String[] arguments = {"node", new File(program, "holt.cjs").getPath(), Json.write(options)};
        synchronized (this) {
            line = new Line(ends[0]);
            media = new Media(context, line, new Media.Asker() {
                @Override
                public boolean askAccess() {
                    return listener.askAccess();
                }
            });
        }
        line.listen(new FromNode());
        tellNetworks();
        watchConditions();
        tellViewed();
        new Thread("holt-node") {
            @Override
            public void run() {
                int code = Node.start(arguments, temporary.getPath());
                listener.failed("INTERNAL", "the node ended with " + code);
            }
        }.start();
    }

    synchronized Page page() {
        return page;
    }

    /** The node ends when what it is writing is safe. */
    void stop() {
        send(Collections.singletonMap("kind", "stop"));
    }

    /** Which networks the phone is in: a program on Android may not ask the kernel itself. */
    void tellNetworks() {
        Map<String, Object> message = new HashMap<String, Object>();
        message.put("kind", "networks");
        toldNetworks = networks();
        message.put("networks", toldNetworks);
        send(message);
    }

    /** Somebody looks at the page, or nobody any more. */
    void setViewed(boolean viewed) {
        synchronized (this) {
            if (isViewed == viewed) return;
            isViewed = viewed;
        }
        tellViewed();
    }

    private void tellViewed() {
        Map<String, Object> message = new HashMap<String, Object>();
        message.put("kind", "viewed");
        synchronized (this) {
            message.put("viewed", isViewed);
        }
        send(message);
    }

    /** It is time to look for others. @return false when no node runs: nobody will answer. */
    boolean tellWindow() {
        if (page() == null) return false;
        send(Collections.singletonMap("kind", "window"));
        return true;
    }

    /** Another app shared something. */
    void tellShared() {
        send(Collections.singletonMap("kind", "shared"));
    }

    /** The list of pictures changed, or who may see it. */
    void tellMedia() {
        send(Collections.singletonMap("kind", "media"));
    }

    /** A line that changes has other networks, too. */
    private void watchConditions() {
        conditions = new Conditions(context, new Runnable() {
            @Override
            public void run() {
                tellConditions();
            }
        });
        conditions.watch();
        tellConditions();
    }

    /** Android says each change of a signal, too: the node hears of what concerns it. */
    private synchronized void tellConditions() {
        Map<String, Object> now = conditions.message();
        Object networks = networks();
        if (!networks.equals(toldNetworks)) tellNetworks();
        if (!now.equals(toldConditions)) send(now);
        toldConditions = now;
    }

    private void send(Map<String, ?> message) {
        Line to;
        synchronized (this) {
            to = line;
        }
        if (to != null) to.send(message);
    }

    /** A quarter of a phone is for Holt, unless its owner says otherwise. */
    static long quotaBytes(long totalBytes) {
        return Math.max(2 * GIB, totalBytes / 4);
    }

    static long reserveBytes(long totalBytes) {
        return Math.min(GIB, totalBytes / 20);
    }

    private static List<Object> networks() {
        List<Object> found = new ArrayList<Object>();
        try {
            for (NetworkInterface one : Collections.list(NetworkInterface.getNetworkInterfaces()))
                if (one.isUp())
                    for (InterfaceAddress address : one.getInterfaceAddresses()) found.add(network(one, address));
        } catch (SocketException e) {
            return new ArrayList<Object>(); // it stays by itself then
        }
        return found;
    }

    private static Map<String, Object> network(NetworkInterface one, InterfaceAddress address) throws SocketException {
        InetAddress host = address.getAddress();
        Map<String, Object> network = new LinkedHashMap<String, Object>();
        network.put("name", one.getName());
        network.put("address", host.getHostAddress().replaceAll("%.*", ""));
        network.put("prefixLength", (int) address.getNetworkPrefixLength());
        network.put("internal", one.isLoopback());
        return network;
    }

    private final class FromNode implements Line.Listener {
        @Override
        public void message(Map<?, ?> message) {
            Object kind = message.get("kind");
            if ("ready".equals(kind)) {
                Page made = new Page((String) message.get("url"), (String) message.get("token"), (String) message.get("setupCode"));
                setPage(made);
                listener.ready(made);
            } else if ("setup-code".equals(kind)) {
                Page before = page();
                if (before != null) setPage(new Page(before.url, before.token, (String) message.get("code")));
            } else if ("demand".equals(kind)) {
                listener.demand((Boolean) message.get("work"), (Boolean) message.get("multicast"));
            } else if ("ask".equals(kind)) {
                media.ask(message);
            } else if ("failed".equals(kind)) {
                listener.failed((String) message.get("code"), (String) message.get("message"));
            } else if ("stopped".equals(kind)) {
                listener.stopped();
            }
        }

        @Override
        public void ended() {
            setPage(null);
            media.end();
            conditions.end();
        }

        private void setPage(Page made) {
            synchronized (NodeRunner.this) {
                page = made;
            }
        }
    }
}
