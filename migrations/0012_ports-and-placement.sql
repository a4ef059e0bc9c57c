CREATE TABLE `ip_pools` (
	`id` text PRIMARY KEY NOT NULL,
	`node_id` text NOT NULL,
	`cidr` text NOT NULL,
	`port_from` integer NOT NULL,
	`port_to` integer NOT NULL,
	`alias` text,
	`public_host` text,
	`public_port_from` integer,
	`self_service` integer NOT NULL,
	FOREIGN KEY (`node_id`) REFERENCES `nodes`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `ip_pools_range` ON `ip_pools` (`node_id`,`cidr`,`port_from`,`port_to`);--> statement-breakpoint
ALTER TABLE `nodes` ADD `memory_overcommit` real DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `nodes` ADD `cpu_overcommit` real DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `nodes` ADD `disk_overcommit` real DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `nodes` ADD `max_disk_mb` integer;--> statement-breakpoint
ALTER TABLE `nodes` ADD `tags` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `nodes` ADD `maintenance` integer DEFAULT false NOT NULL;--> statement-breakpoint
DROP INDEX `allocations_port`;--> statement-breakpoint
UPDATE `allocations` SET `protocol` = 'both' WHERE `protocol` = 'tcp' AND EXISTS (
	SELECT 1 FROM `allocations` `u` WHERE `u`.`protocol` = 'udp' AND `u`.`server_id` = `allocations`.`server_id`
	AND `u`.`ip` = `allocations`.`ip` AND `u`.`port` = `allocations`.`port` AND `u`.`container_port` = `allocations`.`container_port`
);--> statement-breakpoint
DELETE FROM `allocations` WHERE `protocol` = 'udp' AND EXISTS (
	SELECT 1 FROM `allocations` `b` WHERE `b`.`protocol` = 'both' AND `b`.`server_id` = `allocations`.`server_id`
	AND `b`.`ip` = `allocations`.`ip` AND `b`.`port` = `allocations`.`port` AND `b`.`container_port` = `allocations`.`container_port`
);--> statement-breakpoint
ALTER TABLE `allocations` ADD `notes` text;--> statement-breakpoint
ALTER TABLE `allocations` ADD `alias` text;--> statement-breakpoint
ALTER TABLE `allocations` ADD `variable` text;--> statement-breakpoint
ALTER TABLE `allocations` ADD `public_host` text;--> statement-breakpoint
ALTER TABLE `allocations` ADD `public_port` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `allocations_tcp` ON `allocations` (`node_id`,`port`,`ip`) WHERE "allocations"."protocol" <> 'udp';--> statement-breakpoint
CREATE UNIQUE INDEX `allocations_udp` ON `allocations` (`node_id`,`port`,`ip`) WHERE "allocations"."protocol" <> 'tcp';--> statement-breakpoint
CREATE UNIQUE INDEX `allocations_primary` ON `allocations` (`server_id`) WHERE "allocations"."is_primary" = 1;--> statement-breakpoint
CREATE UNIQUE INDEX `allocations_variable` ON `allocations` (`server_id`,`variable`);--> statement-breakpoint
ALTER TABLE `servers` ADD `allocation_limit` integer DEFAULT 1 NOT NULL;
