package dev.leasehold.deploy.api;

import dev.leasehold.deploy.deployment.DeploymentService;
import dev.leasehold.deploy.lease.Lease;
import dev.leasehold.deploy.lease.LeaseRepository;
import dev.leasehold.deploy.market.fleet.FleetLogs;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** The logs of a deployment's runners. */
@RestController
public class LogController {
    private final DeploymentService deployments;
    private final LeaseRepository leases;
    private final FleetLogs logs;

    public LogController(DeploymentService deployments, LeaseRepository leases, FleetLogs logs) {
        this.deployments = deployments;
        this.leases = leases;
        this.logs = logs;
    }

    @GetMapping("/api/deployments/{name}/logs")
    ResponseEntity<StreamingResponseBody> logs(
            @PathVariable("name") String name, @RequestParam(name = "follow", defaultValue = "false") boolean follow) {
        var view = deployments.find(name).orElseThrow(() -> new NotFoundException(name));
        List<Lease> known = leases.of(name, view.createdAt());
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("text/plain;charset=UTF-8"))
                .body(out -> new LogStream(logs, known, out).run(follow));
    }
}
