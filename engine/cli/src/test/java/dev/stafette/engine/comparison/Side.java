// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** One of the two mail systems, with a service of its own for each block. */
interface Side extends AutoCloseable {
    /** Of the service of the block with this index. */
    InetSocketAddress address(int block);

    /** What it says in all cases, by block, case and command. */
    default List<List<List<List<String>>>> ask(List<Block> blocks) throws IOException {
        List<List<List<List<String>>>> all = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            List<List<List<String>>> ofBlock = new ArrayList<>();
            for (Case one : blocks.get(i).cases()) {
                ofBlock.add(CaseClient.ask(one, address(i)));
            }
            all.add(ofBlock);
        }
        return all;
    }

    /** A row of master.cf. */
    static String row(int port, String command, List<String> settings) {
        StringBuilder row = new StringBuilder("127.0.0.1:" + port + " inet n - n - - " + command);
        settings.forEach(line -> row.append("\n  -o { ").append(line).append(" }"));
        return row.toString();
    }

    @Override
    void close() throws IOException;
}
