ALTER TABLE `nodes` ADD `agent_proto` integer;--> statement-breakpoint
DROP TRIGGER `nodes_updated`;
--> statement-breakpoint
CREATE TRIGGER `nodes_updated` AFTER UPDATE OF `name`, `enrolled_at`, `online`, `offline_since`, `runtime`, `host`, `agent_proto` ON `nodes` BEGIN
	DELETE FROM `changes` WHERE `kind` = 'node' AND `entity_id` = NEW.`id`;
	INSERT INTO `changes` (`kind`, `entity_id`, `owner_id`) VALUES ('node', NEW.`id`, NULL);
END;
