// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.Sections;
import dev.stafette.engine.config.syntax.Host;
import dev.stafette.engine.config.syntax.IpText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A machine with a name, two interfaces, and the files it is given. */
public final class FakeHost implements Host {
    private final String name;
    private final Map<String, String> files = new HashMap<>();
    private long fileSystemBytes = 1L << 40;

    public FakeHost(String name) {
        this.name = name;
    }

    public FakeHost file(String path, String text) {
        files.put(path, text);
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<OwnAddress> addresses() {
        return List.of(own("127.0.0.1", 8), own("192.0.2.2", 24), own("::1", 128), own("fd00::2", 64));
    }

    private static OwnAddress own(String address, int length) {
        return new OwnAddress(ip(address), length);
    }

    public static InetAddress ip(String text) {
        InetAddress address = IpText.parse(text);
        if (address == null) {
            throw new IllegalArgumentException(text);
        }
        return address;
    }

    @Override
    public List<InetAddress> resolve(String hostName) throws IOException {
        if (hostName.equals("localhost")) {
            return List.of(ip("127.0.0.1"), ip("::1"));
        }
        throw new UnknownHostException(hostName);
    }

    @Override
    public String read(Path file) throws IOException {
        String text = files.get(file.toString());
        if (text == null) {
            throw new NoSuchFileException(file.toString());
        }
        return text;
    }

    public FakeHost fileSystem(long bytes) {
        fileSystemBytes = bytes;
        return this;
    }

    @Override
    public long fileSystemBytes(Path directory) {
        return fileSystemBytes;
    }

    /** The configuration of these two files on this machine. */
    public Configuration configuration(String mainCf, String masterCf) {
        file("/etc/stafette/main.cf", mainCf);
        file("/etc/stafette/master.cf", masterCf);
        return Configuration.read(Path.of("/etc/stafette"), this);
    }

    public static Settings settings(String... mainCfLines) {
        return new FakeHost("mx.example.org")
                .configuration(String.join("\n", mainCfLines), "")
                .settings();
    }

    public static List<String> check(String mainCf, String masterCf) {
        return new ArrayList<>(
                new FakeHost("mx.example.org").configuration(mainCf, masterCf).check(Sections::check));
    }
}
