// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A certificate for 127.0.0.1 that is its own authority. */
public record Certificate(Path file, Path key) {

    public static Certificate make(Path directory, String name) throws IOException, InterruptedException {
        Path file = directory.resolve(name + ".pem");
        Path key = directory.resolve(name + ".key");
        Daemon.run(
                directory,
                List.of(
                        Daemon.program("openssl").toString(),
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=" + name,
                        "-addext",
                        "subjectAltName=IP:127.0.0.1",
                        "-keyout",
                        key.toString(),
                        "-out",
                        file.toString()));
        return new Certificate(file, key);
    }
}
