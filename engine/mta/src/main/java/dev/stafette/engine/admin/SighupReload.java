// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.log.MailLog;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;

/**
 * SIGHUP is {@code postfix reload}: it goes the way of that command, so that the configuration has one owner.
 * Thread: one that the JVM makes for each signal.
 */
public final class SighupReload {
    private static final String MASTER = "master";

    private final Path adminSocket;
    private final MailLog log;

    private SighupReload(Path adminSocket, MailLog log) {
        this.adminSocket = adminSocket;
        this.log = log;
    }

    /**
     * By reflection, since the compiler refuses the name of the only class that has signals (decision of the JDK: it is
     * supported, in jdk.unsupported, and not to be mentioned). A JVM without it, or one that was told to leave SIGHUP
     * alone, does without.
     */
    public static void reloads(Path adminSocket, MailLog log) {
        SighupReload sighup = new SighupReload(adminSocket, log);
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler onCall = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    sighup.onSignal();
                    return null;
                }
                return switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    default -> "reload";
                };
            };
            Object reload =
                    Proxy.newProxyInstance(SighupReload.class.getClassLoader(), new Class<?>[] {handler}, onCall);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), reload);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            log.warning(MASTER, "SIGHUP does not reload here: " + e);
        }
    }

    private void onSignal() {
        try (AdminClient client = AdminClient.connect(adminSocket)) {
            client.send(new AdminRequest.Reload());
            for (String line = client.readLine(); line != null; line = client.readLine()) {
                JsonObject warning = JsonObject.parse(line);
                log.warning(MASTER, warning == null ? line : warning.text("warning"));
            }
            if (!client.failure().isEmpty()) {
                log.warning(MASTER, "reload: " + client.failure());
            }
        } catch (IOException e) {
            log.warning(MASTER, "reload: " + e.getMessage());
        }
    }
}
