CREATE TABLE `sessions` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`user_agent` text,
	`ip` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE INDEX `sessions_expires` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `setup_tokens` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`password_hash` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_unique` ON `users` (`email`);--> statement-breakpoint
CREATE TABLE `audit_log` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`action` text NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` text,
	`actor_name` text NOT NULL,
	`ip` text,
	`request_id` text NOT NULL,
	`target_type` text,
	`target_id` text,
	`before` text,
	`after` text
);
--> statement-breakpoint
CREATE INDEX `audit_log_at` ON `audit_log` (`at`);--> statement-breakpoint
CREATE INDEX `audit_log_action` ON `audit_log` (`action`,`at`);--> statement-breakpoint
CREATE INDEX `audit_log_target` ON `audit_log` (`target_id`,`at`);--> statement-breakpoint
CREATE TABLE `meta` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `operations` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`server_id` text,
	`server_name` text,
	`node_id` text NOT NULL,
	`node_name` text NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` text,
	`actor_name` text NOT NULL,
	`subject` text,
	`command` text,
	`generation` integer,
	`percent` real,
	`bytes` real,
	`message` text,
	`code` text,
	`log` text DEFAULT '[]' NOT NULL,
	`cancel_requested_at` integer,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`ended_at` integer,
	`expires_at` integer
);
--> statement-breakpoint
CREATE INDEX `operations_server` ON `operations` (`server_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `operations_state` ON `operations` (`state`,`created_at`);--> statement-breakpoint
CREATE INDEX `operations_actor` ON `operations` (`actor_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `operations_created` ON `operations` (`created_at`);--> statement-breakpoint
CREATE INDEX `operations_node_state` ON `operations` (`node_id`,`state`);--> statement-breakpoint
CREATE TABLE `join_tokens` (
	`token_hash` text PRIMARY KEY NOT NULL,
	`node_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`node_id`) REFERENCES `nodes`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `join_tokens_node` ON `join_tokens` (`node_id`);--> statement-breakpoint
CREATE TABLE `locations` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`description` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `locations_name_unique` ON `locations` (`name`);--> statement-breakpoint
CREATE TABLE `nodes` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`description` text,
	`location_id` text NOT NULL,
	`public_address` text NOT NULL,
	`max_memory_mb` integer,
	`max_cpu_cores` real,
	`port_from` integer NOT NULL,
	`port_to` integer NOT NULL,
	`created_at` integer NOT NULL,
	`revision` integer DEFAULT 0 NOT NULL,
	`public_key` text,
	`key_pending` integer DEFAULT false NOT NULL,
	`machine_id` text,
	`enrolled_at` integer,
	`ledger_applied_to` integer DEFAULT 0 NOT NULL,
	`online` integer DEFAULT false NOT NULL,
	`last_seen_at` integer,
	`offline_since` integer,
	`offline_reason` text,
	`alert` text,
	`agent_version` text,
	`host` text,
	`runtime` text,
	FOREIGN KEY (`location_id`) REFERENCES `locations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `nodes_name_unique` ON `nodes` (`name`);--> statement-breakpoint
CREATE INDEX `nodes_location` ON `nodes` (`location_id`);--> statement-breakpoint
CREATE TABLE `allocations` (
	`id` text PRIMARY KEY NOT NULL,
	`node_id` text NOT NULL,
	`server_id` text NOT NULL,
	`ip` text NOT NULL,
	`port` integer NOT NULL,
	`protocol` text NOT NULL,
	`container_port` integer NOT NULL,
	`is_primary` integer NOT NULL,
	FOREIGN KEY (`node_id`) REFERENCES `nodes`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`server_id`) REFERENCES `servers`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `allocations_port` ON `allocations` (`node_id`,`port`,`protocol`,`ip`);--> statement-breakpoint
CREATE INDEX `allocations_server` ON `allocations` (`server_id`);--> statement-breakpoint
CREATE TABLE `servers` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`description` text,
	`owner_id` text NOT NULL,
	`template_id` text NOT NULL,
	`node_id` text NOT NULL,
	`allocated_memory_mb` integer NOT NULL,
	`allocated_cpu_cores` real NOT NULL,
	`allocated_disk_mb` integer NOT NULL,
	`environment` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`generation` integer DEFAULT 1 NOT NULL,
	`node_revision` integer NOT NULL,
	`wanted` text DEFAULT 'stopped' NOT NULL,
	`start_no` integer DEFAULT 0 NOT NULL,
	`last_start_no` integer DEFAULT 0 NOT NULL,
	`how` text DEFAULT 'stop' NOT NULL,
	`suspended_at` integer,
	`suspended_by_user_id` text,
	`suspension_reason` text,
	`removed` integer DEFAULT false NOT NULL,
	`state` text DEFAULT 'not_installed' NOT NULL,
	`observed_at` integer,
	`observed_incarnation` integer DEFAULT 0 NOT NULL,
	`observed_generation` integer DEFAULT 0 NOT NULL,
	`observed_start_no` integer DEFAULT 0 NOT NULL,
	`last_exit` text,
	`problem` text,
	`observed_ports` text,
	`started_at` integer,
	FOREIGN KEY (`owner_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`template_id`) REFERENCES `templates`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`node_id`) REFERENCES `nodes`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `servers_owner` ON `servers` (`owner_id`);--> statement-breakpoint
CREATE INDEX `servers_template` ON `servers` (`template_id`);--> statement-breakpoint
CREATE INDEX `servers_node_revision` ON `servers` (`node_id`,`node_revision`);--> statement-breakpoint
CREATE INDEX `servers_name` ON `servers` (`name`);--> statement-breakpoint
CREATE TABLE `templates` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`author` text NOT NULL,
	`version` text NOT NULL,
	`image` text NOT NULL,
	`install_image` text,
	`install_entrypoint` text NOT NULL,
	`install_script` text,
	`startup` text NOT NULL,
	`startup_mode` text NOT NULL,
	`ready` text NOT NULL,
	`stop_command` text NOT NULL,
	`send_signal_to` text NOT NULL,
	`stop_grace_seconds` integer NOT NULL,
	`read_only_root` integer NOT NULL,
	`variables` text NOT NULL,
	`supported_ports` text NOT NULL,
	`allocated_memory_mb` integer NOT NULL,
	`allocated_cpu_cores` real NOT NULL,
	`features` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `templates_name_unique` ON `templates` (`name`);