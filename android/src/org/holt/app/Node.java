package org.holt.app;

/** libnode.so, by the bridge in native/bridge.c. */
final class Node {
    static {
        System.loadLibrary("holt");
    }

    private Node() {}

    /**
     * Runs a script, and does not come back before it ends; a script that calls process.exit ends this process. Once in the life of a process.
     *
     * @param temporary a folder for temporary files: Android has no /tmp.
     */
    static native int start(String[] arguments, String temporary);

    /** @return two sockets that are each other's ends; null when there are none. */
    static native int[] pair();

    /** @return how many bytes came; 0 at the end. */
    static native int read(int from, byte[] into);

    /** @return false when the other end is gone. */
    static native boolean write(int to, byte[] bytes);

    static native void close(int end);
}
