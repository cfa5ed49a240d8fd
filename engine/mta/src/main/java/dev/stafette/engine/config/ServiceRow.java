// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A service as a row of master.cf declares it.
 * Thread: any (a value).
 *
 * @param name for {@link Type#INET} an address to listen on: {@code port}, {@code host:port} or {@code [v6]:port}; else a
 *     name, which is also the name of a transport
 * @param wakeupSeconds 0: never woken
 * @param wakeupIfUsed the wake-ups begin with the first use ({@code ?} behind the seconds)
 * @param processesMax concurrent sessions of the service; 0: no limit; {@link #PROCESSES_DEFAULT}:
 *     {@code default_process_limit}
 * @param command the program that Postfix would run
 * @param arguments without {@code -o}, {@code -v} and {@code -D}
 * @param overrides what {@code -o} says, unexpanded
 * @param origin file and line, for messages
 */
public record ServiceRow(
        String name,
        Type type,
        boolean isPrivate,
        boolean isUnprivileged,
        boolean isChrooted,
        int wakeupSeconds,
        boolean wakeupIfUsed,
        int processesMax,
        String command,
        List<String> arguments,
        Map<String, String> overrides,
        boolean isVerbose,
        String origin) {
    public static final int PROCESSES_DEFAULT = -1;

    public ServiceRow {
        arguments = List.copyOf(arguments);
        // In the order of the row, which warnings follow.
        overrides = Collections.unmodifiableMap(new LinkedHashMap<>(overrides));
    }

    /** Takes mail by SMTP: from whoever connects, or, of type {@code pass}, from whom a screen lets pass. */
    public boolean isSmtpd() {
        return command.equals("smtpd") && (type == Type.INET || type == Type.PASS);
    }

    /** Gives mail to a program. */
    public boolean isPipe() {
        return command.equals("pipe") && type == Type.UNIX;
    }

    /** Starts a program for each client. */
    public boolean isSpawn() {
        return command.equals("spawn") && (type == Type.UNIX || type == Type.INET);
    }

    /** Screens clients before they get a session. */
    public boolean isPostscreen() {
        return command.equals("postscreen") && type == Type.INET;
    }

    /** Says what addresses mean, and where they go. */
    boolean isResolver() {
        return command.equals("trivial-rewrite") && type != Type.INET;
    }

    /** The {@code pass} row of that name. */
    public boolean isPass(String service) {
        return type == Type.PASS && name.equals(service);
    }

    /** As Postfix's master starts it: {@code -o stress=} goes before what the row says itself, which is stronger. */
    public ServiceRow withStress(boolean isStressed) {
        Map<String, String> all = new HashMap<>(overrides);
        all.putIfAbsent("stress", isStressed ? "yes" : "");
        return with(all);
    }

    /** Whose connections a screen has accepted, and asked the proxy about. */
    public ServiceRow withoutProxy() {
        Map<String, String> all = new HashMap<>(overrides);
        all.put("smtpd_upstream_proxy_protocol", "");
        return with(all);
    }

    private ServiceRow with(Map<String, String> all) {
        return new ServiceRow(
                name,
                type,
                isPrivate,
                isUnprivileged,
                isChrooted,
                wakeupSeconds,
                wakeupIfUsed,
                processesMax,
                command,
                arguments,
                all,
                isVerbose,
                origin);
    }

    /** What kind of end-point the service has. */
    public enum Type {
        INET,
        UNIX,
        UNIX_DGRAM,
        FIFO,
        PASS;

        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
