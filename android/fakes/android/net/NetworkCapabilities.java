package android.net;

public final class NetworkCapabilities {
    public static final int TRANSPORT_WIFI = 1;
    public static final int NET_CAPABILITY_NOT_METERED = 11;

    public boolean hasTransport(int transport) {
        return ConnectivityManager.wifi;
    }

    public boolean hasCapability(int capability) {
        return ConnectivityManager.wifi;
    }
}
