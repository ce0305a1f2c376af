package android.net;

public class ConnectivityManager {
    public static class NetworkCallback {
        public void onCapabilitiesChanged(Network network, NetworkCapabilities capabilities) {}

        public void onLost(Network network) {}
    }

    /** Of the fake only. */
    public static volatile boolean wifi = true;
    public static volatile NetworkCallback callback;

    public Network getActiveNetwork() {
        return new Network();
    }

    public NetworkCapabilities getNetworkCapabilities(Network network) {
        return new NetworkCapabilities();
    }

    public void registerDefaultNetworkCallback(NetworkCallback given) {
        callback = given;
    }

    public void unregisterNetworkCallback(NetworkCallback given) {
        callback = null;
    }
}
